package io.ringcast.pipeline;

import io.ringcast.config.LimitsConfig;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.TimingConfig;
import io.ringcast.metrics.RelayCounter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients that call, and one to four nodes that lose, delay, double, refuse and reorder, come and go, and lag behind
 * one another; beside them what each caller may be told.
 * Confined to the test's thread.
 *
 * <p>A node carries a call out when it gets it, and says so later or never: each result names the head that it had
 * then. A run takes less time than {@code LaneHeads} believes a lost upstream, so what was ever announced binds.
 */
final class CallTraffic implements AutoCloseable
{
    private static final long FIRST_HEAD = 0x100;
    private static final long TICK_NS = 40_000_000L;
    private static final Pattern REQUEST =
        Pattern.compile("\\{\"jsonrpc\":\"2.0\",\"id\":(\\d+),\"method\":\"(\\w+)\",\"params\":\\[(.*)]}");
    private static final Pattern ANSWER =
        Pattern.compile("\\{\"jsonrpc\":\"2.0\",\"id\":\"(\\w+)\",\"(result|error)\":(.*)}");
    private static final Pattern STATE = Pattern.compile("\"(\\w*)@(\\d+)\"");
    private static final Pattern ERROR = Pattern.compile("\\{\"code\":(-?\\d+),\"message\":\"(.*)\"}");
    private static final String[] KINDS =
        {"own", "own", "shared", "shared", "number", "chain", "receipt", "send", "raw"};

    /** A node: what it has to say, what it has carried out, and how far it is. */
    private static final class Node
    {
        boolean isUp;
        long head = FIRST_HEAD;
        String headToken;
        final List<Request> requests = new ArrayList<>();
        final List<String> said = new ArrayList<>();
        final Set<String> written = new HashSet<>();
    }

    private record Request(String id, String method, String key, long head)
    {
    }

    /** A call under way: what it asks, and the highest head that its client had been shown when it was made. */
    private record Call(FakeOutlet client, String kind, String key, long shown)
    {
    }

    private final Random random;
    private final FakeRelay relay;
    private final List<Node> nodes = new ArrayList<>();
    private final List<FakeOutlet> clients = new ArrayList<>();
    private final FakeOutlet headBound;
    private final Map<String, Call> owed = new HashMap<>();
    private final Set<String> sentWrites = new HashSet<>();
    private final Set<String> acceptedWrites = new HashSet<>();
    private final Map<FakeOutlet, Long> answered = new HashMap<>();
    private long announced = FIRST_HEAD;
    private int serial;
    int results;
    int errors;

    CallTraffic(final long seed, final boolean isRecorded)
    {
        random = new Random(seed);
        final NetworkConfig.Builder network = NetworkConfig.builder();
        for (int i = 0; i <= random.nextInt(4); i++)
        {
            network.upstream("ws://127.0.0.1:8546");
            nodes.add(new Node());
        }
        final RelayConfig.Builder config = RelayConfig.builder().ringSlots(1 << 12)
            .limits(LimitsConfig.builder().cacheBytes(random.nextInt(3) * 20_000L).build())
            .timing(TimingConfig.builder().callTimeoutMs(2_000).attemptTimeoutMs(300).build());
        relay = isRecorded ? FakeRelay.recorded(config, network) : new FakeRelay(config, network);
        for (int i = 0; i < 3; i++)
        {
            clients.add(relay.connect());
            clients.get(i).hasBarrier = false;
        }
        headBound = clients.get(0);
        for (int lane = 0; lane < nodes.size(); lane++)
        {
            toggle(lane);
        }
        relay.says(headBound,
            "{\"jsonrpc\":\"2.0\",\"id\":\"s\",\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}");
        settle();
        for (int lane = 0; lane < nodes.size(); lane++)
        {
            announce(lane);
        }
        settle();
    }

    void step()
    {
        final int dice = random.nextInt(100);
        final int lane = random.nextInt(nodes.size());
        if (dice < 35)
        {
            call(clients.get(random.nextInt(clients.size())), KINDS[random.nextInt(KINDS.length)]);
        }
        else if (dice < 65)
        {
            answer(lane);
        }
        else if (dice < 75)
        {
            advance(lane);
        }
        else if (dice < 78)
        {
            toggle(lane);
        }
        else if (dice < 82)
        {
            relay.nodeSays(lane, "{\"jsonrpc\":\"2.0\",\"id\":" + random.nextInt(1 << 28) * 2L + ",\"result\":\"x\"}");
        }
        else
        {
            relay.tick(TICK_NS);
        }
        settle();
    }

    /** Lets all time-outs pass; then nobody is owed anything. */
    void finish()
    {
        for (int i = 0; i < 3; i++)
        {
            relay.tick(3_000_000_000L);
            settle();
        }
        check(owed.isEmpty(), "unanswered: " + owed);
        check(relay.parts.correlator.outstandingCalls() == 0, "calls are left");
        check(relay.count(RelayCounter.STAGE_FAILURES) == 0, "a stage failed");
    }

    long count(final RelayCounter counter)
    {
        return relay.count(counter);
    }

    @Override
    public void close()
    {
        relay.close();
    }

    private void call(final FakeOutlet client, final String kind)
    {
        final String number = "k" + serial++;
        final String key = kind.equals("shared") || kind.equals("receipt") ? kind + random.nextInt(2) : number;
        final String id = "c" + number;
        final long hits = relay.count(RelayCounter.CACHE_HITS);
        final long shown = answered.getOrDefault(client, -1L);
        owed.put(id, new Call(client, kind, key, client == headBound ? Math.max(announced, shown) : shown));
        relay.says(client, "{\"jsonrpc\":\"2.0\",\"id\":\"" + id + "\"," + request(kind, key) + "}");
        relay.run();
        if (relay.count(RelayCounter.CACHE_HITS) > hits)
        {
            // What is kept is never from before the last head, whoever asks.
            owed.put(id, new Call(client, kind, key, Math.max(announced, shown)));
            listen(client);
            check(!owed.containsKey(id), "a hit that answers nobody");
        }
    }

    private static String request(final String kind, final String key)
    {
        switch (kind)
        {
            case "number":
                return "\"method\":\"eth_blockNumber\",\"params\":[]";

            case "chain":
                return "\"method\":\"eth_chainId\",\"params\":[]";

            case "receipt":
                return "\"method\":\"eth_getTransactionReceipt\",\"params\":[\"" + hash(key.hashCode()) + "\"]";

            case "send":
                return "\"method\":\"eth_sendTransaction\",\"params\":[\"" + key + "\"]";

            case "raw":
                return "\"method\":\"eth_sendRawTransaction\",\"params\":[\"" + key + "\"]";

            default:
                return "\"method\":\"eth_getBalance\",\"params\":[\"" + key + "\",\"latest\"]";
        }
    }

    /** The node answers any of its requests, or one again, or forgets one. */
    private void answer(final int lane)
    {
        final Node node = nodes.get(lane);
        if (!node.said.isEmpty() && random.nextInt(8) == 0)
        {
            relay.nodeSays(lane, node.said.get(random.nextInt(node.said.size())));
        }
        else if (!node.requests.isEmpty())
        {
            final Request request = node.requests.remove(random.nextInt(node.requests.size()));
            if (random.nextInt(12) > 0)
            {
                node.said.add(answerTo(request));
                relay.nodeSays(lane, node.said.get(node.said.size() - 1));
            }
        }
    }

    private String answerTo(final Request request)
    {
        final int dice = random.nextInt(10);
        final String member;
        if (dice == 0)
        {
            member = "\"error\":{\"code\":3,\"message\":\"" + request.key + "\"}";
        }
        else if (dice == 1)
        {
            member = "\"error\":{\"code\":-32005,\"message\":\"rate limit\"}";
        }
        else
        {
            member = "\"result\":" + result(request);
            if (request.method.startsWith("eth_send"))
            {
                acceptedWrites.add(request.key);
            }
        }
        return "{\"jsonrpc\":\"2.0\",\"id\":" + request.id + "," + member + "}";
    }

    private static String result(final Request request)
    {
        switch (request.method)
        {
            case "eth_chainId":
                return "\"0x1\"";

            case "eth_blockNumber":
                return "\"0x" + Long.toHexString(request.head) + "\"";

            case "eth_getTransactionReceipt":
                return "{\"transactionHash\":\"" + request.key + "\",\"blockNumber\":\"0x5\"}";

            default:
                return "\"" + request.key + "@" + request.head + "\"";
        }
    }

    /** The node imports a block or two, and announces the last, or will do so with the next one. */
    private void advance(final int lane)
    {
        nodes.get(lane).head += random.nextInt(5) == 0 ? 2 : 1;
        if (random.nextInt(4) > 0)
        {
            announce(lane);
        }
    }

    private void announce(final int lane)
    {
        final Node node = nodes.get(lane);
        if (node.isUp && node.headToken != null)
        {
            relay.nodeSays(lane, "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":" +
                "{\"subscription\":\"" + node.headToken + "\",\"result\":" + block(node.head) + "}}");
            announced = Math.max(announced, node.head);
        }
    }

    private void toggle(final int lane)
    {
        final Node node = nodes.get(lane);
        node.isUp = !node.isUp;
        node.requests.clear();
        node.said.clear();
        node.headToken = null;
        if (node.isUp)
        {
            relay.nodeUp(lane);
        }
        else
        {
            relay.nodeDown(lane);
        }
    }

    private void settle()
    {
        boolean isQuiet = false;
        while (!isQuiet)
        {
            relay.run();
            isQuiet = true;
            for (int lane = 0; lane < nodes.size(); lane++)
            {
                final FakeOutlet outlet = relay.nodes.get(lane);
                for (String text = outlet.received.poll(); text != null; text = outlet.received.poll())
                {
                    isQuiet &= onRequest(lane, text);
                }
            }
        }
        clients.forEach(this::listen);
    }

    /** Returns false if the node answered at once. */
    private boolean onRequest(final int lane, final String text)
    {
        final Matcher request = REQUEST.matcher(text);
        check(request.matches(), text);
        final Node node = nodes.get(lane);
        final String id = request.group(1);
        final String params = request.group(3);
        switch (request.group(2))
        {
            case "eth_subscribe":
                node.headToken = "0xf" + serial++;
                relay.nodeSays(lane, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":\"" + node.headToken + "\"}");
                return false;

            case "eth_unsubscribe":
                relay.nodeSays(lane, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":true}");
                return false;

            case "eth_getBlockByHash":
                final long number = Long.parseLong(params.substring(3, 67), 16);
                relay.nodeSays(lane, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" +
                    (number <= node.head ? block(number) : "null") + "}");
                return false;

            case "eth_getBlockByNumber":
                final long named = params.startsWith("\"finalized\"") ? FIRST_HEAD : node.head;
                relay.nodeSays(lane, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + block(named) + "}");
                return false;

            default:
                final String key = params.isEmpty() ? "" : params.replaceAll("^\"(\\w+)\".*", "$1");
                onCall(node, new Request(id, request.group(2), key, node.head));
                return true;
        }
    }

    private void onCall(final Node node, final Request request)
    {
        if (request.method.startsWith("eth_send"))
        {
            check(node.written.add(request.key), "carried out twice by one node: " + request);
            check(request.method.equals("eth_sendRawTransaction") || sentWrites.add(request.key),
                "carried out by two nodes: " + request);
        }
        node.requests.add(request);
    }

    private void listen(final FakeOutlet client)
    {
        for (String text = client.received.poll(); text != null; text = client.received.poll())
        {
            if (!text.contains("\"eth_subscription\"") && !text.contains("\"id\":\"s\""))
            {
                onAnswer(client, text);
            }
        }
    }

    private void onAnswer(final FakeOutlet client, final String text)
    {
        final Matcher answer = ANSWER.matcher(text);
        check(answer.matches(), text);
        final Call call = owed.remove(answer.group(1));
        check(call != null && call.client == client, "nobody waits for " + text);
        if ("error".equals(answer.group(2)))
        {
            onError(call, text, answer.group(3));
            return;
        }
        results++;
        final Matcher state = STATE.matcher(answer.group(3));
        switch (call.kind)
        {
            case "chain":
                check("\"0x1\"".equals(answer.group(3)), text);
                break;

            case "receipt":
                check(answer.group(3).contains(hash(call.key.hashCode())), text);
                break;

            case "number":
                final long number = Long.decode(answer.group(3).replace("\"", ""));
                check(number >= call.shown, "from before " + call.shown + ": " + text);
                answered.merge(client, number, Math::max);
                break;

            default:
                check(state.matches(), text);
                check(state.group(1).equals(keyAtNode(call)), "another's: " + text);
                final boolean isWrite = call.kind.equals("raw");
                check(isWrite || Long.parseLong(state.group(2)) >= call.shown,
                    "from before " + call.shown + ": " + text);
                break;
        }
    }

    private void onError(final Call call, final String text, final String member)
    {
        errors++;
        final Matcher error = ERROR.matcher(member);
        check(error.matches(), text);
        switch (error.group(1))
        {
            case "3":
                check(error.group(2).equals(keyAtNode(call)), "another's: " + text);
                break;

            case "-32005":
                check("rate limit".equals(error.group(2)), text);
                break;

            default:
                check(error.group(1).equals("-32002") || error.group(1).equals("-32070"), text);
                break;
        }
        check(!call.kind.equals("raw") || !acceptedWrites.contains(call.key), "a success was kept back: " + text);
    }

    private static String keyAtNode(final Call call)
    {
        switch (call.kind)
        {
            case "number":
            case "chain":
                return "";

            case "receipt":
                return hash(call.key.hashCode());

            default:
                return call.key;
        }
    }

    private static String block(final long number)
    {
        return "{\"number\":\"0x" + Long.toHexString(number) + "\",\"hash\":\"" + hash(number) +
            "\",\"parentHash\":\"" + hash(number - 1) + "\"}";
    }

    private static String hash(final long number)
    {
        return String.format("0x%064x", number);
    }

    private static void check(final boolean isGood, final String complaint)
    {
        if (!isGood)
        {
            throw new AssertionError(complaint);
        }
    }
}
