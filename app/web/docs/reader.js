// Start Redoc: the whole document on one page, to read and to print.
"use strict";

const place = document.getElementById("reader");

Redoc.init(
  place.dataset.url,
  {
    // Its search wants a script that is made on the spot, which our policy forbids.
    disableSearch: true,
    jsonSamplesExpandLevel: 4,
    nativeScrollbars: true,
    theme: {
      typography: {
        fontFamily: "system-ui, sans-serif",
        headings: { fontFamily: "system-ui, sans-serif" },
        code: { fontFamily: "ui-monospace, monospace" },
      },
    },
  },
  place,
);
