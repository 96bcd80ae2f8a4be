import { Web3 } from 'web3';
import { FIRST, FIRST_KEY, main } from './scenario.mjs';
import { NOTED_TOPIC, word } from './noted-contract.mjs';

let web3;
let provider;
const receipts = new Map();

async function subscribed(listener, ...what) {
  const subscription = await web3.eth.subscribe(...what);
  subscription.on('data', listener);
  return () => subscription.unsubscribe();
}

await main({
  async connect(url, tap) {
    provider = new Web3.providers.WebsocketProvider(url, {}, { autoReconnect: true });
    tap.attach(provider._socketConnection);
    web3 = new Web3(provider);
    web3.eth.transactionPollingInterval = 50;
    web3.eth.accounts.wallet.add(FIRST_KEY);
    await web3.eth.getChainId();
  },
  chainId: () => web3.eth.getChainId(),
  blockNumber: () => web3.eth.getBlockNumber(),
  balance: (address) => web3.eth.getBalance(address),
  // web3's send promises the receipt; the hash comes first, as an event.
  send: (transaction) => new Promise((resolve, reject) => {
    const sending = web3.eth.sendTransaction({ from: FIRST, ...transaction });
    sending.on('transactionHash', (hash) => {
      receipts.set(hash, sending);
      resolve(hash);
    });
    sending.catch(reject);
  }),
  receipt: (hash) => receipts.get(hash),
  onHead: (listener) => subscribed(listener, 'newHeads'),
  onLog: ({ address, keys }, listener) => subscribed(
    listener, 'logs', { address, topics: keys ? [NOTED_TOPIC, keys.map(word)] : [NOTED_TOPIC] }),
  onPending: (listener) => subscribed(listener, 'pendingTransactions'),
  request: (method, params) => web3.requestManager.send({ method, params }),
  errorOf: ({ name, code, message, cause, data }) => ({ name, code, message, data, answer: cause }),
  close: () => provider.disconnect(),
});
