/** One step of what a collector does with a line before it sends it. Promtail and Alloy know them under the same names; here each is typed,
 * so that a misspelled one does not compile. Regular expressions are RE2. "Field" is a value that a step found in the line; it goes
 * nowhere unless a later step makes a label or metadata of it. */
export type Stage =
  /** Takes the container runtime's time and stream off the line, and joins what the runtime has split. */
  | { readonly stage: 'cri' }
  /** Runs the stages for the entries that are selected; all others pass by. */
  | { readonly stage: 'match'; readonly where: Selector; readonly stages: readonly Stage[] }
  /** Joins lines into one entry, which ends before the next line that looks like a first one. */
  | { readonly stage: 'multiline'; readonly firstLine: string; readonly maxLines: number }
  /** Named groups become fields. A group that took no part becomes an empty field, so every group shall take part in every match.
   * @property from the field to look in; the line, if it is left out */
  | { readonly stage: 'regex'; readonly expression: string; readonly from?: string }
  /** Fields by their paths in the line's JSON: `a.b || c` is the first that is there. A line that is no JSON gets none. */
  | { readonly stage: 'json'; readonly fields: Readonly<Record<string, string>> }
  /** Sets a field to the key whose list holds the value of another; to nothing, if none does. So its values are few whatever came in. */
  | {
      readonly stage: 'choose'
      readonly field: string
      readonly from: string
      readonly values: Readonly<Record<string, readonly string[]>>
    }
  /** Sets a field to a text made of others. */
  | { readonly stage: 'compose'; readonly field: string; readonly parts: readonly Part[] }
  /** Replaces the line by a field, if it is there. */
  | { readonly stage: 'line'; readonly from: string }
  /** @property value the same for every entry that comes here */
  | { readonly stage: 'label'; readonly name: string; readonly value: string }
  /** Makes labels of fields of the same names. @property few why these have few values: each new one is a stream of its own in Loki, and
   * 5,000 streams are its limit */
  | { readonly stage: 'labels'; readonly names: readonly string[]; readonly few?: string }
  /** Makes structured metadata of fields of the same names: searchable, and of any number of values. */
  | { readonly stage: 'metadata'; readonly names: readonly string[] }
  | { readonly stage: 'dropLabels'; readonly names: readonly string[] }

/** A text, the value of a field, or parts that are written only if a field is there. */
export type Part = string | { readonly field: string } | { readonly ifThere: string; readonly parts: readonly Part[] }

/** Which entries a `match` is for. All conditions hold together. Neither backslashes nor backticks: the former are halved when
 * Promtail replaces variables in its configuration, the latter are not read by Promtail 2.9. A class does the same: `[.]`, `[0-9]`. */
export interface Selector {
  /** Expressions for the whole values of labels; at least one that needs a value. */
  readonly labels: Readonly<Record<string, string>>
  /** Labels that must not be set yet. */
  readonly unset?: readonly string[]
  /** Expressions for whole values that must not be. */
  readonly notLabels?: Readonly<Record<string, string>>
  /** An expression that the line has a match of. */
  readonly line?: string
  /** An expression that the line has no match of. */
  readonly notLine?: string
}
