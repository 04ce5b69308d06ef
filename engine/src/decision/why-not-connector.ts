import { CONNECTOR_TYPES } from '../policy/fact.js';
import { type IpAddress, ipAddressOf, type Network, networkContains } from '../policy/network.js';
import { connectorOf } from './connector.js';
import { comparisonsIn } from './diagram/compile-diagram.js';
import { ADDRESSES, type AddressKey, addressAbove } from './diagram/ordered-values.js';
import { type Change, type Question, without } from './why-not-question.js';

/** Addresses that are told, at most: the nearest one each way. */
const MAX_ADDRESSES = 2;

/** Other connectors that give the outcome, and types of connector of which there is none. */
export function connectorChanges(question: Question): Change[] {
  const { compiled, facts } = question;
  const { connectors } = compiled.policySet;
  const current = connectorOf(connectors, facts);
  const others = without(facts, 'connector.name', 'connector.type', 'server.tags');
  const named = connectors.flatMap(({ name }) => {
    if (name === current.name && facts['connector.type'] === undefined) return [];
    return question.withFacts('connector.name', `on connector ${name}`, { ...others, 'connector.name': name }) ?? [];
  });
  const typed = CONNECTOR_TYPES.flatMap((type) => {
    if (connectors.some((each) => each.type === type) || type === (facts['connector.type'] ?? current.type)) return [];
    const text = `on a connector of type ${type}`;
    return question.withFacts('connector.type', text, { ...others, 'connector.type': type }) ?? [];
  });
  return [...named, ...typed];
}

/** The nearest addresses that give the outcome, by the fewest edges of networks, and no address. */
export function addressChanges(question: Question): Change[] {
  const { facts } = question;
  const networks = networksOf(question);
  if (networks.length === 0) return [];
  const current = facts['client.address'];
  const changes: Change[] = [];
  for (const address of nearestFirst(networks, current)) {
    if (changes.length >= MAX_ADDRESSES) return changes;
    const text = `client.address ${describeAddress(address, current, networks)}`;
    const change = question.withFacts('client.address', text, { ...facts, 'client.address': address });
    if (change !== undefined) changes.push(change);
  }
  if (current === undefined || changes.length > 0) return changes;
  const missing = question.withFacts('client.address', 'client.address not known', without(facts, 'client.address'));
  return missing === undefined ? [] : [missing];
}

/** Networks of connectors, and those that conditions ask for. */
function networksOf({ compiled: { policySet } }: Question): Network[] {
  const asked = comparisonsIn(policySet).flatMap(({ fact, operand }) =>
    fact === 'client.address' && 'value' in operand ? [operand.value].flat(4) : [],
  );
  return [
    ...policySet.connectors.flatMap((connector) => connector.networks),
    ...asked.filter((each): each is Network => typeof each === 'object' && 'prefixBits' in each),
  ];
}

/** One address of each stretch between the edges of networks. */
function nearestFirst(networks: readonly Network[], current: IpAddress | undefined): IpAddress[] {
  const edges = networks.flatMap((network): AddressKey[] => {
    const above = addressAbove(network);
    return [{ family: network.family, bits: network.first }, ...(above === undefined ? [] : [above])];
  });
  const lowest: AddressKey = { family: 4, bits: 0n };
  const distinct = new Map([lowest, ...edges].map((edge) => [`${edge.family}/${edge.bits}`, edge]));
  const sorted = [...distinct.values()].sort(ADDRESSES.compare);
  const own = current === undefined ? -1 : ADDRESSES.counter(ADDRESSES.pack(sorted))(current) - 1;
  return sorted
    .map(({ family, bits }, index) => ({ address: ipAddressOf(family, bits), steps: Math.abs(index - own), index }))
    .filter(({ index }) => index !== own)
    .sort((a, b) => a.steps - b.steps || b.index - a.index)
    .map(({ address }) => address);
}

/** The smallest network that the address is in and the current one is not, or the other way round, and the address. */
function describeAddress(address: IpAddress, current: IpAddress | undefined, networks: readonly Network[]): string {
  const smallestFirst = [...networks].sort((a, b) => b.prefixBits - a.prefixBits);
  const isIn = (network: Network, one: IpAddress | undefined) => one !== undefined && networkContains(network, one);
  const entered = smallestFirst.find((each) => isIn(each, address) && !isIn(each, current));
  if (entered !== undefined) return `in ${entered.text}, such as ${address.text}`;
  const left = smallestFirst.find((each) => isIn(each, current) && !isIn(each, address));
  return left === undefined ? address.text : `outside ${left.text}, such as ${address.text}`;
}
