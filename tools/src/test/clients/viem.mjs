import { createPublicClient, createWalletClient, parseAbiItem, webSocket } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { FIRST_KEY, main } from './scenario.mjs';

const NOTED = parseAbiItem('event Noted(uint256 indexed key, uint256 value)');

let reader;
let wallet;
let lastSubscription;

// viem's watchers return before their subscription stands; the transport underneath tells when it does.
async function watching(start) {
  start();
  while (lastSubscription === undefined) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  const subscription = await lastSubscription;
  lastSubscription = undefined;
  return () => subscription.unsubscribe();
}

await main({
  async connect(url, tap) {
    const transport = webSocket(url, { timeout: 30_000, retryCount: 0 });
    reader = createPublicClient({ chain: foundry, transport, pollingInterval: 50, cacheTime: 0 });
    wallet = createWalletClient({ chain: foundry, transport, account: privateKeyToAccount(FIRST_KEY) });
    tap.attach(await reader.transport.getSocket());
    const subscribe = reader.transport.subscribe;
    reader.transport.subscribe = (request) => (lastSubscription = subscribe(request));
  },
  chainId: () => reader.getChainId(),
  blockNumber: () => reader.getBlockNumber(),
  balance: (address) => reader.getBalance({ address }),
  send: (transaction) => wallet.sendTransaction(transaction),
  receipt: (hash) => reader.waitForTransactionReceipt({ hash }),
  onHead: (listener) => watching(() => reader.watchBlocks({ onBlock: listener })),
  onLog: ({ address, keys }, listener) => watching(() => reader.watchEvent(
    { address, event: NOTED, args: keys && { key: keys }, onLogs: (logs) => logs.forEach(listener) })),
  onPending: (listener) => watching(() => reader.watchPendingTransactions(
    { onTransactions: (hashes) => hashes.forEach(listener) })),
  request: (method, params) => reader.request({ method, params }),
  errorOf(error) {
    const answer = error.walk((cause) => cause.name === 'RpcRequestError');
    return { name: error.name, code: answer.code, message: answer.details, data: answer.data };
  },
  close: async () => (await reader.transport.getRpcClient()).close(),
});
