/** A nominal type: a plain value that only its own constructor function (or the database) may produce. */
declare const brand: unique symbol;
export type Branded<T, Name extends string> = T & { readonly [brand]: Name };
