import type { IConstruct } from 'constructs'
import { noEmptyLists } from './checks/empty-lists.ts'
import { requiredLabelsSet, uniqueObjects, uniquePaths } from './checks/identity.ts'
import { exactImages } from './checks/images.ts'
import { networkEdgesMeet } from './checks/network-edges.ts'
import { podSecurityRestricted, restrictedNamespaces } from './checks/pod-security.ts'
import { probesPresent, resourcesSet } from './checks/pods.ts'
import { referencesExist, selectorsMatch } from './checks/references.ts'
import { noSecretLiterals } from './checks/secrets.ts'
import { pathOf } from './invalid.ts'
import type { RenderedObject } from './manifest.ts'

export interface Tree {
  readonly constructs: readonly IConstruct[]
  readonly objects: readonly RenderedObject[]
}

export interface Violation {
  readonly where: IConstruct
  /** What is wrong, with the names involved; the rule's `fix` follows it. */
  readonly what: string
}

/** What must hold for everything that is written. */
export interface Rule {
  readonly name: string
  /** What to do about a violation, as a sentence. */
  readonly fix: string
  readonly find: (tree: Tree) => Iterable<Violation>
}

export const rules: readonly Rule[] = [
  uniqueObjects,
  uniquePaths,
  requiredLabelsSet,
  exactImages,
  noSecretLiterals,
  resourcesSet,
  restrictedNamespaces,
  podSecurityRestricted,
  probesPresent,
  selectorsMatch,
  referencesExist,
  networkEdgesMeet,
  noEmptyLists,
]

/** One line for each violation: where, what, what to do, and the rule's name to search for. */
export function violations(constructs: readonly IConstruct[], objects: readonly RenderedObject[]): string[] {
  const tree = { constructs, objects }
  return rules.flatMap(rule => [...rule.find(tree)].map(({ where, what }) => `${pathOf(where)}: ${what}. ${rule.fix} [${rule.name}]`))
}
