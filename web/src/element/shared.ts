/** What the elements of a page share: one engine, and one state for those with the same `store`. */
import { loadEngine, type Engine } from '../engine/engine';
import { Store } from '../state/store';

const engines = new Map<string, Promise<Engine>>();

/** The engine whose `kms.wasm` is in this folder, or the one that belongs to this build. A failed attempt is made again. */
export function sharedEngine(assets: URL | undefined): Promise<Engine> {
  const name = assets?.href ?? '';
  let engine = engines.get(name);
  if (!engine) {
    engine = loadEngine(assets ? { wasm: new URL('kms.wasm', assets) } : {});
    engines.set(name, engine);
    engine.catch(() => engines.delete(name));
  }
  return engine;
}

interface SharedStore {
  store: Promise<Store>;
  users: Set<object>;
}

const stores = new Map<string, SharedStore>();

/** The store of this name; the first user opens it. Without a name, a store of one's own. */
export function sharedStore(name: string, user: object, open: () => Promise<Store>): Promise<Store> {
  if (name === '') return open();
  let shared = stores.get(name);
  if (!shared) {
    shared = { store: open(), users: new Set() };
    stores.set(name, shared);
    shared.store.catch(() => stores.delete(name));
  }
  shared.users.add(user);
  return shared.store;
}

/** Whether nobody uses the store of this name any more after this user; then it is forgotten. */
export function leaveStore(name: string, user: object): boolean {
  const shared = stores.get(name);
  if (!shared) return name === '';
  shared.users.delete(user);
  if (shared.users.size > 0) return false;
  stores.delete(name);
  return true;
}
