// Start Swagger UI, dark where the system is dark.
"use strict";

const darkness = window.matchMedia("(prefers-color-scheme: dark)");

function followDarkness() {
  document.documentElement.classList.toggle("dark-mode", darkness.matches);
}

followDarkness();
darkness.addEventListener("change", followDarkness);

const place = document.getElementById("swagger-ui");

SwaggerUIBundle({
  domNode: place,
  url: place.dataset.url,
  deepLinking: true,
  tryItOutEnabled: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  filter: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
