# One image, two roles: the api (the default command) and the worker (`modelmill worker`).
#
#   docker build -t modelmill:local .
#   docker build -t modelmill:local --build-arg TORCH_INDEX_URL=... .
#
# TORCH_INDEX_URL is a second package index to take torch from. A host without a GPU passes
# the CPU index that pytorch.org names and saves gigabytes; a GPU host leaves it out.
#
# Three layers, from what changes least: torch, the other dependencies, the application. Most
# releases bring only the last one. What no process of ours loads is left out.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS torch

ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY constraints.txt ./
ARG TORCH_INDEX_URL=""
RUN python -m venv /opt/modelmill \
 && PIP_EXTRA_INDEX_URL="${TORCH_INDEX_URL}" \
    /opt/modelmill/bin/pip install -c constraints.txt --target /opt/torch torch \
 && rm -r /opt/torch/torch/include /opt/torch/torch/share

FROM torch AS dependencies

ENV PATH=/opt/modelmill/bin:$PATH
COPY pyproject.toml ./
# Beside each other on Python's path: pip finds torch installed, and leaves it where it is.
RUN printf '/opt/app\n/opt/torch\n' \
      > "$(python -c "import sysconfig; print(sysconfig.get_path('purelib'))")/layers.pth" \
 && python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" \
      > requirements.txt \
 && pip install --no-compile -c constraints.txt -r requirements.txt \
 && pip uninstall --yes setuptools
# Symbols for debuggers, a second copy of onnxruntime for programs in C, sources in C, test data.
# hadolint ignore=DL3003,DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends binutils \
 && rm -rf /var/lib/apt/lists/* \
 && cd /opt/modelmill/lib/python3*/site-packages \
 && find fontTools httptools kiwisolver pysqlite3 sqlalchemy uvloop -name '*.so' -exec strip --strip-unneeded {} + \
 && rm -r onnxruntime/capi/libonnxruntime.so* onnxruntime/transformers onnxruntime/tools \
          onnx/backend/test numpy/distutils numpy/f2py matplotlib/mpl-data/sample_data \
          matplotlib/mpl-data/images matplotlib/mpl-data/fonts/afm matplotlib/mpl-data/fonts/pdfcorefonts \
 && find . -type d -name tests -prune -exec rm -r {} + \
 && find . -type f -regextype posix-extended -regex '.*\.(a|c|cc|cpp|h|hpp|proto|pxd|pyi|pyx)' -delete

FROM dependencies AS application

COPY README.md LICENSE THIRD_PARTY_LICENSES.md ./
COPY app app
COPY worker worker
RUN pip install -c constraints.txt --no-deps --target /opt/app . \
 && pip check
# Compiled is what the processes import: the file system may be read-only when they run.
RUN MODELMILL_DATA_DIR=/tmp /opt/app/bin/modelmill keys list > /dev/null \
 && python -c "import app.main, app.figures.drawings, app.vision.predictor, app.vision.export, worker.main, worker.runner" \
 && python -c "import uvicorn.main, uvicorn.lifespan.on, uvicorn.loops.uvloop, uvicorn.protocols.http.httptools_impl" \
 && python -c "import celery.bin.celery, celery.apps.worker, celery.concurrency.prefork, kombu.transport.redis" \
 && python -c "import psycopg, pip._internal.cli.main, matplotlib.backends.backend_agg, matplotlib.backends.backend_svg"

FROM ${PYTHON_IMAGE}

# A new named volume takes its owner from the directory that it covers; /tmp is the only home
# because the root file system may be read-only. /run/modelmill is for secrets,
# /run/metrics for the key that Prometheus asks with.
RUN groupadd --gid 10001 modelmill \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin modelmill \
 && install -d -o 10001 -g 10001 /var/lib/modelmill /run/modelmill /run/metrics
COPY --from=torch /opt/torch /opt/torch
COPY --from=application /opt/modelmill /opt/modelmill
COPY --from=application /opt/app /opt/app

ENV PATH=/opt/app/bin:/opt/modelmill/bin:$PATH \
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

# Last, because they are new with every release.
ARG VERSION=0.1.0
ARG REVISION=""
LABEL org.opencontainers.image.title="Modelmill" \
      org.opencontainers.image.description="A self-hosted training service for small image classifiers" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
