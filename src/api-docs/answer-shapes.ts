import ts from 'typescript';
import { nameOf, type AnswerShapes, type Schema } from './json-schema.js';

/** How the branded texts of the domain look on the wire. Every other brand is an id. */
const BRANDS: Readonly<Record<string, Schema>> = {
  Instant: {
    type: 'string',
    format: 'date-time',
    pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`,
    description: 'UTC with exactly three decimals, so that it sorts as text.',
  },
  LocalDate: { type: 'string', format: 'date', description: 'A calendar day without a zone.' },
  Zone: { type: 'string', description: 'An IANA time zone, like Europe/Kyiv.' },
  CorridorCode: { type: 'string', pattern: '^[ABCEFHIJKLMOPQUVYZ]{1,3}[0-9]{1,2}$', description: 'Names a corridor on radio and in SMS.' },
};
const ID: Schema = { type: 'string', format: 'uuid', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' };

/** By these a reader tells the members of a union apart. */
const TAGS = ['type', 'kind'] as const;

/**
 * The shape of each answer, read from the return type of its handler: the compiler already knows it exactly, so nobody writes it a second
 * time. Bodies of requests are described by their validators instead.
 *
 * Needs the sources and the compiler, so it runs when documents are made and never in a server.
 *
 * @throws when two different types would share a name
 */
export function answerShapes(tsconfig: string): AnswerShapes {
  const config = ts.getParsedCommandLineOfConfigFile(tsconfig, {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: throwDiagnostic });
  const program = ts.createProgram(config?.fileNames ?? [], config?.options ?? {});
  const shapes = new Shapes(program.getTypeChecker(), (file) => program.isSourceFileDefaultLibrary(file));
  const ours = program.getSourceFiles().filter(({ fileName }) => !fileName.includes('/node_modules/'));
  for (const file of ours) shapes.learnLists(file);
  const answers: Record<string, Schema | null> = {};
  for (const file of ours) {
    for (const controller of file.statements.filter(ts.isClassDeclaration)) {
      const name = controller.name?.text ?? '';
      const isLeftOut = ts.getDecorators(controller)?.some((decorator) => decorator.getText().startsWith('@ApiExcludeController')) === true;
      if (!name.endsWith('Controller') || isLeftOut) continue;
      for (const method of controller.members.filter(ts.isMethodDeclaration).filter((member) => ts.getDecorators(member) !== undefined))
        answers[`${name.replace(/Controller$/, '')}_${method.name.getText()}`] = shapes.answerOf(method);
    }
  }
  return { answers, schemas: shapes.named() };
}

function throwDiagnostic({ messageText }: ts.Diagnostic): never {
  throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
}

class Shapes {
  private readonly lists = new Map<string, { readonly symbol: ts.Symbol; readonly words: readonly unknown[] }>();
  private readonly known = new Map<string, { readonly type: ts.Type; schema: Schema }>();

  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly isOfLanguage: (file: ts.SourceFile) => boolean,
  ) {}

  /** Closed lists of words have an alias (`Display`); the compiler forgets it as soon as `null` joins them. */
  learnLists(file: ts.SourceFile): void {
    for (const { name, type: written } of file.statements.filter(ts.isTypeAliasDeclaration)) {
      const type = this.checker.getTypeAtLocation(name);
      const symbol = this.checker.getSymbolAtLocation(name);
      if (symbol === undefined || !type.isUnion() || !type.types.every(isWord)) continue;
      const key = keyOf(type.types);
      if (!this.lists.has(key))
        this.lists.set(key, { symbol, words: this.wordsInOrder(written) ?? type.types.map(({ value }) => value).sort() });
    }
  }

  /** `(typeof DISPLAYS)[number]`: the compiler forgets the order, the list has it. */
  private wordsInOrder(written: ts.TypeNode): readonly unknown[] | null {
    const list = ts.isIndexedAccessTypeNode(written) ? this.checker.getTypeAtLocation(written.objectType) : undefined;
    if (list === undefined || !this.checker.isTupleType(list)) return null;
    return this.checker.getTypeArguments(list as ts.TypeReference).map((word) => (isWord(word) ? word.value : null));
  }

  named(): Readonly<Record<string, Schema>> {
    return Object.fromEntries([...this.known].map(([name, { schema }]) => [name, schema]));
  }

  answerOf(method: ts.MethodDeclaration): Schema | null {
    const signature = this.checker.getSignatureFromDeclaration(method);
    const returned = signature === undefined ? undefined : this.checker.getAwaitedType(signature.getReturnType());
    if (returned === undefined || (returned.flags & ts.TypeFlags.Void) !== 0) return null;
    const [streamed] = returned.getSymbol()?.name === 'Observable' ? this.checker.getTypeArguments(returned as ts.TypeReference) : [];
    return streamed === undefined ? this.schemaOf(returned) : this.messagesOf(streamed);
  }

  /** What Nest calls the `type` of a message on a stream is `event` on the wire. */
  private messagesOf(message: ts.Type): Schema {
    const { anyOf = [] } = this.shapeOf(message);
    const onTheWire = anyOf.map(({ $ref = '' }) => {
      const entry = this.known.get(nameOf($ref));
      if (entry === undefined)
        throw new Error(`${this.checker.typeToString(message)}: the messages of a stream are told apart by their type`);
      const { properties: { type: event = {}, ...others } = {}, required = [] } = entry.schema;
      entry.schema = {
        ...entry.schema,
        required: required.map((name) => (name === 'type' ? 'event' : name)),
        properties: { event, ...others },
      };
      return { $ref };
    });
    return { anyOf: onTheWire };
  }

  private schemaOf(type: ts.Type): Schema {
    const brand = this.brandOf(type);
    const name = brand ?? this.nameOf(type);
    if (name === null || (type.isUnion() && type.types.every(isWord))) return this.shapeOf(type);
    const known = this.known.get(name);
    if (known === undefined) {
      const entry = { type, schema: {} as Schema };
      this.known.set(name, entry); // before its members: a type may name itself
      entry.schema = {
        ...this.describe(type.aliasSymbol ?? type.symbol),
        ...(brand === null ? this.shapeOf(type) : (BRANDS[brand] ?? ID)),
      };
    } else if (known.type !== type && brand === null) {
      throw new Error(`two types are named ${name}: ${this.checker.typeToString(known.type)}, ${this.checker.typeToString(type)}`);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  private brandOf(type: ts.Type): string | null {
    const brand = type.isIntersection() ? type.getProperty('__brand') : undefined;
    const literal = brand === undefined ? undefined : this.checker.getTypeOfSymbol(brand);
    return literal?.isStringLiteral() === true ? literal.value : null;
  }

  /** Of our own aliases, interfaces and classes; `Seen<Segment>` is `SeenSegment`. */
  private nameOf(type: ts.Type): string | null {
    const { aliasSymbol, aliasTypeArguments = [] } = type;
    if (type.getProperty('__json') !== undefined) return null;
    if (aliasSymbol !== undefined && !this.isOfLibrary(aliasSymbol)) {
      const names = aliasTypeArguments.map((argument) => this.nameOf(argument));
      return names.includes(null) ? null : [aliasSymbol.name, ...names].join('');
    }
    const isDeclared = type.isClassOrInterface() && !this.isOfLibrary(type.symbol);
    return isDeclared ? type.symbol.name : null;
  }

  private isOfLibrary(symbol: ts.Symbol): boolean {
    const file = symbol.declarations?.[0]?.getSourceFile();
    return file === undefined || this.isOfLanguage(file) || file.fileName.includes('/node_modules/');
  }

  private describe(symbol: ts.Symbol | undefined): Schema {
    const text = ts.displayPartsToString(symbol?.getDocumentationComment(this.checker) ?? []);
    return text === '' ? {} : { description: text.replaceAll(/\s*\n\s*/g, ' ') };
  }

  private shapeOf(type: ts.Type): Schema {
    const { flags } = type;
    if ((flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0) return {};
    if (type.isUnion()) return this.unionOf(type);
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if ((flags & ts.TypeFlags.BooleanLiteral) !== 0) return { const: this.checker.typeToString(type) === 'true' };
    if ((flags & ts.TypeFlags.Null) !== 0) return { type: 'null' };
    if ((flags & ts.TypeFlags.String) !== 0) return { type: 'string' };
    if ((flags & ts.TypeFlags.Number) !== 0) return { type: 'number' };
    const json = type.isIntersection() ? type.getProperty('__json') : undefined;
    if (json !== undefined)
      return { type: 'string', contentMediaType: 'application/json', contentSchema: this.schemaOf(this.checker.getTypeOfSymbol(json)) };
    if (this.checker.isTupleType(type)) return this.tupleOf(type as ts.TupleTypeReference);
    if (this.checker.isArrayType(type)) {
      const [item] = this.checker.getTypeArguments(type as ts.TypeReference);
      return { type: 'array', items: item === undefined ? {} : this.schemaOf(item) };
    }
    if ((flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection | ts.TypeFlags.NonPrimitive)) !== 0) return this.objectOf(type);
    throw new Error(`no JSON has the type ${this.checker.typeToString(type)}`);
  }

  private tupleOf(tuple: ts.TupleTypeReference): Schema {
    const items = this.checker.getTypeArguments(tuple).map((item) => this.schemaOf(item));
    const { minLength, combinedFlags } = tuple.target;
    if ((combinedFlags & ts.ElementFlags.Variable) !== 0) return { type: 'array', items: items.at(-1) ?? {}, minItems: minLength };
    return { type: 'array', prefixItems: items, minItems: minLength, maxItems: items.length };
  }

  private objectOf(type: ts.Type): Schema {
    const members = this.checker.getPropertiesOfType(type);
    const isOptional = (member: ts.Symbol): boolean => (member.flags & ts.SymbolFlags.Optional) !== 0;
    const properties = members.map((member) => [member.name, this.memberOf(member)] as const);
    const required = members.filter((member) => !isOptional(member)).map(({ name }) => name);
    const [entry] = this.checker.getIndexInfosOfType(type);
    return {
      type: 'object',
      ...(required.length === 0 ? {} : { required }),
      ...(members.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
      ...(entry === undefined
        ? {}
        : {
            ...(this.brandOf(entry.keyType) === null ? {} : { propertyNames: this.schemaOf(entry.keyType) }),
            additionalProperties: this.schemaOf(entry.type),
          }),
    };
  }

  private memberOf(member: ts.Symbol): Schema {
    return { ...this.schemaOf(this.checker.getTypeOfSymbol(member)), ...this.describe(member) };
  }

  private unionOf(union: ts.UnionType): Schema {
    const members = union.types.filter((member) => (member.flags & ts.TypeFlags.Undefined) === 0);
    const words = members.filter(isWord);
    const others = members.filter((member) => !isWord(member) && (member.flags & (ts.TypeFlags.Null | ts.TypeFlags.BooleanLiteral)) === 0);
    const truths = members.filter((member) => (member.flags & ts.TypeFlags.BooleanLiteral) !== 0);
    const choices: Schema[] = [
      ...(words.length === 0 ? [] : [this.listOf(words)]),
      ...(truths.length === 2 ? [{ type: 'boolean' }] : truths.map((truth) => this.shapeOf(truth))),
      ...(others.length > 1 ? this.taggedOf(union, others) : others.map((other) => this.schemaOf(other))),
    ];
    const isNullable = members.some((member) => (member.flags & ts.TypeFlags.Null) !== 0);
    return oneOrAny(choices, isNullable);
  }

  private listOf(words: readonly Word[]): Schema {
    const type = typeof words[0]?.value;
    const list = this.lists.get(keyOf(words));
    if (list === undefined) return { type, enum: words.map(({ value }) => value).sort() };
    const { name } = list.symbol;
    const known = this.known.get(name);
    if (known !== undefined && known.schema.enum !== list.words) throw new Error(`two types are named ${name}`);
    this.known.set(name, { type: words[0] as ts.Type, schema: { ...this.describe(list.symbol), type, enum: list.words } });
    return { $ref: `#/components/schemas/${name}` };
  }

  /** Members that a tag tells apart have names of their own: `BoardEvent.CorridorStopped`. */
  private taggedOf(union: ts.UnionType, members: readonly ts.Type[]): readonly Schema[] {
    const name = this.nameOf(union);
    const tag = TAGS.find((candidate) => members.every((member) => this.tagOf(member, candidate) !== null));
    if (name === null || tag === undefined) return members.map((member) => this.schemaOf(member));
    return members.map((member) => {
      const own = `${name}.${this.tagOf(member, tag) ?? ''}`;
      if (!this.known.has(own)) {
        const entry = { type: member, schema: {} as Schema };
        this.known.set(own, entry);
        entry.schema = this.shapeOf(member);
      }
      return { $ref: `#/components/schemas/${own}` };
    });
  }

  private tagOf(type: ts.Type, tag: string): string | null {
    const member = type.getProperty(tag);
    const word = member === undefined ? undefined : this.checker.getTypeOfSymbol(member);
    return word?.isStringLiteral() === true ? word.value : null;
  }
}

type Word = ts.StringLiteralType | ts.NumberLiteralType;
function isWord(type: ts.Type): type is Word {
  return type.isStringLiteral() || type.isNumberLiteral();
}

function keyOf(words: readonly ts.Type[]): string {
  return words
    .map((word) => (isWord(word) ? String(word.value) : ''))
    .sort()
    .join(' ');
}

function oneOrAny(choices: readonly Schema[], isNullable: boolean): Schema {
  const [only] = choices;
  if (choices.length === 1 && only !== undefined && !isNullable) return only;
  if (choices.length === 1 && typeof only?.type === 'string') {
    return { ...only, type: [only.type, 'null'], ...(only.enum === undefined ? {} : { enum: [...only.enum, null] }) };
  }
  return { anyOf: [...choices, ...(isNullable ? [{ type: 'null' }] : [])] };
}
