import { Wallet, WebSocketProvider } from 'ethers';
import WebSocket from 'ws';
import { FIRST_KEY, main } from './scenario.mjs';
import { NOTED_TOPIC, word } from './noted-contract.mjs';

// Remembers the answer to the last (un)subscribe: ethers' on() and off() return before it is there.
class ObservedProvider extends WebSocketProvider {
  lastSubscription;

  send(method, params) {
    const answer = super.send(method, params);
    if (method === 'eth_subscribe' || method === 'eth_unsubscribe') {
      this.lastSubscription = answer;
    }
    return answer;
  }

  async settled(act) {
    this.lastSubscription = undefined;
    await act();
    while (this.lastSubscription === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await this.lastSubscription;
  }
}

let provider;
let wallet;

async function listening(event, listener) {
  await provider.settled(() => provider.on(event, listener));
  return () => provider.settled(() => provider.off(event, listener));
}

await main({
  async connect(url, tap) {
    provider = new ObservedProvider(() => {
      const socket = new WebSocket(url);
      tap.attach(socket);
      return socket;
    }, undefined, { cacheTimeout: -1 });
    wallet = new Wallet(FIRST_KEY, provider);
    await provider.getNetwork();
  },
  chainId: async () => (await provider.getNetwork()).chainId,
  blockNumber: () => provider.getBlockNumber(),
  balance: (address) => provider.getBalance(address),
  send: async (transaction) => (await wallet.sendTransaction(transaction)).hash,
  receipt: (hash) => provider.waitForTransaction(hash),
  onHead: (listener) => listening('block', listener),
  onLog: ({ address, keys }, listener) => listening(
    { address, topics: keys ? [NOTED_TOPIC, keys.map(word)] : [NOTED_TOPIC] }, listener),
  onPending: (listener) => listening('pending', listener),
  request: (method, params) => provider.send(method, params),
  errorOf: ({ code, error, info, data }) => ({ name: code, answer: error ?? info?.error, data }),
  close: () => provider.destroy(),
});
