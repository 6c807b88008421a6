/** T as it comes from outside, before anyone has looked: fields that the type calls required may be missing. */
export type Unchecked<T> = T extends (infer Item)[]
  ? Unchecked<Item>[]
  : T extends object
    ? string extends keyof T
      ? T
      : { [Key in keyof T]?: Unchecked<T[Key]> }
    : T;
