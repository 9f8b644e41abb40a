// The kinds of layers as the service's schema has them, each with its fields.
import { words } from "./format.js";
import { kindsOf, plain } from "./schema.js";

/**
 * @typedef {{kind: string, about: string, fields: [string, any][], variants: any[], inner: any | null, first: string}} LayerKind
 * `variants` are the kinds within one, such as max and average of pool; `inner` is the
 * schema of layers within it; `first` is the field that a bare value stands for.
 */

/** @returns {Map<string, LayerKind>} by the one key that a layer has */
export function layerKinds(layersSchema, root) {
  const kinds = layersSchema.items.oneOf.map((one) => {
    const { properties, description } = plain(one, root);
    const [[kind, content]] = Object.entries(properties);
    return [kind, kindOf(kind, withoutShort(plain(content, root), root), description)];
  });
  return new Map(kinds);

  function kindOf(kind, schema, description) {
    const variants = schema.discriminator ? kindsOf(schema, root) : [];
    const all = Object.entries(schema.properties || {});
    const fields = all.filter(([name]) => name !== "layers");
    const first = variants.length ? "kind" : (schema.required || [""])[0];
    return { kind, about: schema.description || description, fields, variants, inner: schema.properties?.layers || null, first };
  }
}

/** What "its number will do" leaves out: only the long form has fields. */
function withoutShort(schema, root) {
  const long = schema.anyOf?.map((choice) => plain(choice, root)).find((choice) => choice.properties || choice.discriminator);
  return long || schema;
}

export const kindOfLayer = (layer) => Object.keys(layer)[0];

/** Its content in the long form: {"linear": 10} has {"units": 10}. */
export function contentOf(layer, known) {
  const [content] = Object.values(layer);
  return content && typeof content === "object" ? content : { [known?.first]: content };
}

/** The fields that a layer has, which its variant decides where there are several. */
export const fieldsOf = (known, content) => (known.variants.find(({ kind }) => kind === content.kind) || known).fields;

// Where the schema has no default: what makes a sensible layer to start from.
const STARTS = { filters: 32, kernel: 3, units: 128, probability: 0.25, size: 2 };

/** A new layer of a kind, which works wherever its kind does. */
export function newLayer({ kind, fields, variants, inner }) {
  const own = variants.length ? [["kind", null], ...variants[0].fields] : fields;
  const values = own.filter(([name]) => name === "kind" || name in STARTS).map(([name]) => [name, STARTS[name]]);
  const content = Object.fromEntries(values);
  if (variants.length) content.kind = variants[0].kind;
  else delete content.kind;
  if (inner) content.layers = [{ conv: { filters: 32, kernel: 3, padding: "same" } }];
  return { [kind]: content };
}

/** In a few words, without what goes without saying: "filters 32, kernel 3". */
export function summaryOf(content, known) {
  const usual = new Map(fieldsOf(known, content).map(([name, schema]) => [name, schema.default]));
  const parts = Object.entries(content).filter(([name, value]) => name !== "layers" && value !== usual.get(name));
  const said = parts.map(([name, value]) => (name === "kind" ? words(value) : `${words(name)} ${saidShort(value)}`));
  return [...said, content.layers && `${content.layers.length} layers`].filter(Boolean).join(", ");
}

const saidShort = (value) => (value === true ? "yes" : value === false ? "no" : value);
