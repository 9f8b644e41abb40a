# One image, two roles: the api (the default command) and the worker (`modelmill worker`).
#
#   docker build -t modelmill:local .
#   docker build -t modelmill:local --build-arg TORCH_INDEX_URL=... .
#
# TORCH_INDEX_URL is a second package index to take torch from. A host without a GPU passes
# the CPU index that pytorch.org names and saves gigabytes; a GPU host leaves it out.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS builder

ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/modelmill
ENV PATH=/opt/modelmill/bin:$PATH
WORKDIR /build

# The dependencies are a layer of their own, so that a change of code does not fetch torch again.
COPY pyproject.toml constraints.txt ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" \
      > requirements.txt
ARG TORCH_INDEX_URL=""
RUN PIP_EXTRA_INDEX_URL="${TORCH_INDEX_URL}" pip install -c constraints.txt -r requirements.txt

COPY README.md LICENSE THIRD_PARTY_LICENSES.md ./
COPY app app
COPY worker worker
RUN pip install -c constraints.txt --no-deps . \
 && pip check

FROM ${PYTHON_IMAGE}

ARG VERSION=0.1.0
ARG REVISION=""
LABEL org.opencontainers.image.title="Modelmill" \
      org.opencontainers.image.description="A self-hosted training service for small image classifiers" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# A new named volume takes its owner from the directory that it covers; /tmp is the only home
# because the root file system may be read-only.
RUN groupadd --gid 10001 modelmill \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin modelmill \
 && install -d -o 10001 -g 10001 /var/lib/modelmill
COPY --from=builder /opt/modelmill /opt/modelmill

ENV PATH=/opt/modelmill/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MODELMILL_HOST=0.0.0.0 \
    MODELMILL_DATA_DIR=/var/lib/modelmill
# Owned by root: Python looks for modules in the working directory first.
WORKDIR /opt/modelmill
USER 10001:10001
VOLUME /var/lib/modelmill
EXPOSE 8000
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]

# An event stream ends only with its process: without a limit a stop would wait for every listener.
CMD ["uvicorn", "--factory", "app.main:create_app", "--host", "0.0.0.0", "--port", "8000", \
     "--http", "app.api.connection:PatientConnection", "--no-access-log", \
     "--timeout-graceful-shutdown", "5"]
