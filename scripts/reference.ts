/**
 * The reference page of a resource, from its schema: a table per object, the rules below it, what kubectl prints.
 * It says nothing that an API server does not enforce.
 */
import { apiVersion } from "../traintask/names.ts";
import type { Definition } from "../traintask/crd.ts";
import type { Structural } from "../traintask/structural.ts";

/** @returns Markdown */
export function referencePage({ names, shortName, columns, schema }: Definition, notice: string): string {
  const { spec, status } = schema.properties ?? {};
  if (spec === undefined || status === undefined) throw new Error(`${names.kind} has no spec or no status`);
  return [
    `<!-- ${notice} -->`,
    `# ${names.kind}`,
    `${schema.description ?? ""}`,
    `\`${apiVersion}\`, ${names.namespaced ? "namespaced" : "cluster-scoped"}. ` +
      `\`kubectl explain ${names.plural} --recursive\` says the same.`,
    ...rules(schema),
    ...section("spec", spec),
    ...section("status", status),
    `## kubectl get ${shortName}`,
    table(
      ["Column", "Path", "Meaning"],
      columns.map(({ name, jsonPath, description, priority }) => [
        name.toUpperCase(),
        code(jsonPath),
        priority === undefined ? description : `${description} (with \`-o wide\`)`,
      ]),
    ),
  ]
    .map((block) => `${block}\n`)
    .join("\n");
}

/** A heading, the table of an object's fields, its rules; then the objects below it. */
function section(path: string, node: Structural): string[] {
  const fields = Object.entries(node.properties ?? {});
  const rows = fields.map(([name, field]) => [
    code(name),
    type(field),
    node.required?.includes(name) === true ? "required" : defaultOf(field),
    bounds(field),
    field.description ?? "",
  ]);
  const below = fields.flatMap(([name, field]) => nested(`${path}.${name}`, field));
  const heading = path.includes(".") ? "###" : "##";
  return [
    `${heading} ${path}`,
    ...(node.description === undefined ? [] : [`${node.description}.`]),
    ...(fields.length === 0 ? [] : [table(["Field", "Type", "Default", "Bounds", "Meaning"], rows)]),
    ...rules(node),
    ...below,
  ];
}

/** Sections of what stands below a field; a list of texts or a map has no table, but may have rules. */
function nested(path: string, field: Structural): string[] {
  if (field.items !== undefined) return nested(`${path}[]`, field.items);
  if (field.properties !== undefined && Object.keys(field.properties).length > 0) return section(path, field);
  return rules(field, path);
}

function rules(node: Structural, path?: string): string[] {
  const validations = node["x-kubernetes-validations"] ?? [];
  if (validations.length === 0) return [];
  const title = path === undefined ? "Rules:" : `Rules of \`${path}\`:`;
  return [[title, "", ...validations.map(({ message }) => `- ${escape(message)}`)].join("\n")];
}

function type(field: Structural): string {
  if (field.items !== undefined) return `list of ${type(field.items)}`;
  if (field.additionalProperties !== undefined) return `map to ${type(field.additionalProperties)}`;
  if (field.format === "date-time") return "time";
  return field.type ?? "";
}

function defaultOf(field: Structural): string {
  return field.default === undefined ? "" : code(JSON.stringify(field.default));
}

function bounds(field: Structural): string {
  const keys = field["x-kubernetes-list-map-keys"];
  const value = field.items ?? field.additionalProperties;
  return [
    range(field),
    field.enum === undefined ? "" : field.enum.map((word) => code(String(word))).join(", "),
    field.maxItems === undefined ? "" : `at most ${field.maxItems} items`,
    keys === undefined ? "" : `unique ${keys.map(code).join(", ")}`,
    field.maxProperties === undefined ? "" : `at most ${field.maxProperties} entries`,
    field.pattern === undefined || field.format === "date-time" ? "" : code(field.pattern),
    value === undefined || value.properties !== undefined ? "" : prefixed("each ", bounds(value)),
  ]
    .filter((part) => part !== "")
    .join("; ");
}

function range({ type: kind, minimum, maximum, minLength, maxLength, format }: Structural): string {
  if (format === "date-time") return "RFC 3339";
  if (kind === "integer") return `${minimum ?? ""} to ${maximum ?? ""}`;
  if (maxLength === undefined) return "";
  if (minLength === maxLength) return `${maxLength} character${maxLength === 1 ? "" : "s"}`;
  return minLength === undefined ? `at most ${maxLength} characters` : `${minLength} to ${maxLength} characters`;
}

function prefixed(prefix: string, text: string): string {
  return text === "" ? "" : prefix + text;
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escape).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A bar ends a cell even inside code; a `<` begins a tag everywhere else. */
function escape(cell: string): string {
  return cell
    .replaceAll("|", "\\|")
    .split("`")
    .map((part, index) => (index % 2 === 0 ? part.replaceAll("<", "&lt;") : part))
    .join("`");
}
