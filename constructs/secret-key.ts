/** Where one secret value is found. The value itself is never known here. */
export interface SecretKey {
  readonly namespace: string
  readonly secret: string
  readonly key: string
}
