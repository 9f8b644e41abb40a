// A JSON Schema as the form wants it: without references, one kind for each control.

/** Write out a reference, and drop the null of what may be absent. */
export function plain(schema, root) {
  if (schema.$ref) {
    const found = root.$defs[schema.$ref.split("/").pop()];
    return plain({ ...found, ...schema, $ref: undefined }, root);
  }
  const choices = schema.anyOf?.filter((choice) => choice.type !== "null");
  if (choices?.length === 1) {
    const inner = plain(choices[0], root);
    const description = schema.description || inner.description;
    return { ...inner, description, isOptional: true };
  }
  return schema;
}

/** @returns {"choice" | "yes" | "number" | "kinds" | "parts" | "words" | "mixed" | "json" | "text"} */
export function controlOf(schema) {
  if (schema.enum) return "choice";
  if (schema.discriminator) return "kinds";
  if (schema.anyOf) return schema.anyOf.some((choice) => choice.type === "integer") ? "mixed" : "json";
  if (schema.type === "boolean") return "yes";
  if (schema.type === "integer" || schema.type === "number") return "number";
  if (schema.type === "object") return schema.properties ? "parts" : "json";
  if (schema.type === "array") return "words";
  return "text";
}

/** The kinds of a union, each with the fields that it has besides its kind. */
export function kindsOf(schema, root) {
  return Object.entries(schema.discriminator.mapping).map(([kind, $ref]) => {
    const { properties } = plain({ $ref }, root);
    const fields = Object.entries(properties).filter(([name]) => name !== "kind");
    return { kind, fields };
  });
}

/** The words that may stand in place of a number. */
export const namesIn = (schema) => schema.anyOf.flatMap((choice) => choice.enum || (choice.const ? [choice.const] : []));

/** Its bounds as a sentence, such as "From 1 to 1000." */
export function boundsOf(schema) {
  const low = schema.minimum ?? schema.exclusiveMinimum;
  const high = schema.maximum ?? schema.exclusiveMaximum;
  if (low === undefined || high === undefined) return "";
  const from = schema.exclusiveMinimum === undefined ? `From ${low}` : `Above ${low}`;
  const to = schema.exclusiveMaximum === undefined ? ` to ${high}` : ` to below ${high}`;
  return `${from}${high > 1e6 ? "" : to}.`;
}

/** Say a value in a line: {"kind": "sgd", "momentum": 0.9} is "sgd, momentum 0.9". */
export function said(value) {
  if (value === null || value === undefined) return "none";
  if (value === true || value === false) return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length ? `${value.length} entries` : "none";
  if (typeof value !== "object") return String(value);
  if (value.layers) return value.name || `${value.layers.length} layers`;
  const parts = Object.entries(value).filter(([, part]) => part !== null && part !== 0 && part !== false);
  return parts.map(([name, part]) => (name === "kind" ? part : `${name.replaceAll("_", " ")} ${said(part)}`)).join(", ");
}
