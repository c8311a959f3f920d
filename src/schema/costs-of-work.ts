import { type GraphQLSchema, isObjectType } from 'graphql';

/** A field that costs something of its own. */
export interface CostOfWork {
  /** `Underlying.forecast`. */
  readonly field: string;
  readonly points: number;
}

/** The fields that cost something of their own, the dearest first. */
export function costsOfWork(schema: GraphQLSchema): CostOfWork[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) =>
      Object.values(type.getFields()).flatMap(({ name, extensions }) => {
        const points = extensions.costOfWork as number | undefined;
        return points === undefined ? [] : { field: `${type.name}.${name}`, points };
      }),
    )
    .sort((a, b) => b.points - a.points || (a.field < b.field ? -1 : 1));
}
