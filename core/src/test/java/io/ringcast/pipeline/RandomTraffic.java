package io.ringcast.pipeline;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.TimingConfig;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients and a node that do everything at random, beside a plain model of what each client must hear.
 * Confined to the test's thread.
 */
final class RandomTraffic implements AutoCloseable
{
    private static final String[] KINDS = {"newHeads", "syncing"};
    private static final String[] IDS = {"0", "1", "1.0", "\"1\"", "null", "\"\"", "9223372036854775808"};
    private static final Pattern ANSWER =
        Pattern.compile("\\{\"jsonrpc\":\"2.0\",\"id\":(.*?),\"(result|error)\":(.*)}");
    private static final Pattern ITEM = Pattern.compile(
        "\\{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":" +
        "\\{\"subscription\":\"(.*)\",\"result\":\"(\\w+)-(\\d+)\"}}");
    private static final Pattern REQUEST =
        Pattern.compile("\\{\"jsonrpc\":\"2.0\",\"id\":(\\d+),\"method\":\"(\\w+)\",\"params\":\\[(.*)]}");

    /** One client: what it asked, and what it should hear of each kind. */
    private static final class Client
    {
        final FakeOutlet outlet;
        /** How many answers each id token is owed by calls outside batches. */
        final Map<String, Integer> owed = new HashMap<>();
        /** The id token of each call by its number. */
        final Map<String, String> idByCall = new HashMap<>();
        /** The numbers of the calls of each batch, by the id of its first. */
        final Map<String, List<String>> batches = new HashMap<>();
        final Map<String, List<String>> expected = new HashMap<>();
        final Map<String, List<String>> heard = new HashMap<>();
        final Map<String, String> subscriptionIds = new HashMap<>();
        final Map<String, Boolean> isSubscribed = new HashMap<>();
        /** What waits for the pong, by kind; null if nothing holds items back. */
        final Map<String, List<String>> barred = new HashMap<>();

        Client(final FakeOutlet outlet)
        {
            this.outlet = outlet;
            for (final String kind : KINDS)
            {
                expected.put(kind, new ArrayList<>());
                heard.put(kind, new ArrayList<>());
            }
        }
    }

    private record Request(String id, String call)
    {
    }

    private final Random random;
    private final FakeRelay relay;
    private final List<Client> clients = new ArrayList<>();
    private final List<Request> requests = new ArrayList<>();
    private final List<Request> answered = new ArrayList<>();
    private final Map<String, String> nodeTokens = new HashMap<>();
    private int serial;
    int answers;
    int relayErrors;
    int items;

    RandomTraffic(final long seed, final boolean isRecorded)
    {
        random = new Random(seed);
        final RelayConfig.Builder config = RelayConfig.builder().ringSlots(1 << 14).timing(
            TimingConfig.builder().lingerMs(TimingConfig.LINGER_MS.max()).build());
        relay = isRecorded ? FakeRelay.recorded(config, NetworkConfig.builder()) :
            new FakeRelay(config, NetworkConfig.builder());
        relay.nodeUp();
        for (int i = 0; i < 4; i++)
        {
            clients.add(new Client(relay.connect()));
        }
        // One who never leaves, so that the node has always accepted both kinds.
        final FakeOutlet keeper = relay.connect();
        keeper.hasBarrier = false;
        for (final String kind : KINDS)
        {
            relay.says(keeper, request("0", "eth_subscribe", '"' + kind + '"'));
        }
        settle();
        settle();
    }

    void step()
    {
        final Client client = clients.get(random.nextInt(clients.size()));
        final String kind = KINDS[random.nextInt(KINDS.length)];
        final int dice = random.nextInt(100);
        if (dice < 20)
        {
            call(client);
        }
        else if (dice < 26)
        {
            batch(client);
        }
        else if (dice < 48)
        {
            answer();
        }
        else if (dice < 50)
        {
            relay.nodeSays("{\"jsonrpc\":\"2.0\",\"id\":" + random.nextInt(1 << 28) * 2L + ",\"result\":\"x\"}");
        }
        else if (dice < 70)
        {
            publish(kind);
        }
        else if (dice < 76)
        {
            subscribeOrUnsubscribe(client, kind);
        }
        else if (dice < 80)
        {
            settle();
            // The first pong may let a second ping out, for what was subscribed to while the first was on its way.
            relay.pongs(client.outlet);
            relay.pongs(client.outlet);
            lift(client);
        }
        else if (dice < 82)
        {
            settle();
            relay.tick(1_000_000_000L);
            clients.forEach(this::lift);
        }
        else if (dice < 83)
        {
            reconnect();
        }
        else
        {
            settle();
        }
    }

    /** Lets every time-out pass, and compares. */
    void finish()
    {
        settle();
        relay.tick(3_600_000_000_000L);
        clients.forEach(this::lift);
        settle();
        for (final Client client : clients)
        {
            check(client.owed.values().stream().allMatch(owed -> owed == 0), "unanswered: " + client.owed);
            check(client.batches.isEmpty(), "unanswered batches: " + client.batches.keySet());
            for (final String kind : KINDS)
            {
                check(client.expected.get(kind).equals(client.heard.get(kind)),
                    "expected\n" + client.expected.get(kind) + "\nheard\n" + client.heard.get(kind));
            }
        }
        check(relay.parts.correlator.outstandingCalls() == 0, "calls are left");
    }

    @Override
    public void close()
    {
        relay.close();
    }

    private void call(final Client client)
    {
        final String id = IDS[random.nextInt(IDS.length)];
        relay.says(client.outlet, newCall(client, id));
        client.owed.merge(id, 1, Integer::sum);
    }

    private void batch(final Client client)
    {
        final List<String> texts = new ArrayList<>();
        final List<String> numbers = new ArrayList<>();
        final String first = "\"b" + serial + '"';
        for (int left = 1 + random.nextInt(4); left > 0; left--)
        {
            texts.add(newCall(client, texts.isEmpty() ? first : IDS[random.nextInt(IDS.length)]));
            numbers.add(Integer.toString(serial - 1));
        }
        client.batches.put(first, numbers);
        relay.says(client.outlet, "[" + String.join(",", texts) + "]");
    }

    private String newCall(final Client client, final String id)
    {
        final String number = Integer.toString(serial++);
        client.idByCall.put(number, id);
        return request(id, "call", number);
    }

    /** Any request that is open, or one that was answered before, or that the node forgets. */
    private void answer()
    {
        if (!answered.isEmpty() && random.nextInt(8) == 0)
        {
            say(answered.get(random.nextInt(answered.size())));
        }
        else if (!requests.isEmpty())
        {
            final Request request = requests.remove(random.nextInt(requests.size()));
            if (random.nextInt(10) > 0)
            {
                say(request);
                answered.add(request);
            }
        }
    }

    private void say(final Request request)
    {
        final String member = Integer.parseInt(request.call) % 5 == 0 ?
            "\"error\":{\"code\":3,\"message\":\"" + request.call + "\"}" : "\"result\":" + request.call;
        relay.nodeSays("{\"jsonrpc\":\"2.0\",\"id\":" + request.id + "," + member + "}");
    }

    private void publish(final String kind)
    {
        final String token = nodeTokens.get(kind);
        if (token == null)
        {
            return;
        }
        final String item = kind + '-' + serial++;
        relay.nodeSays("{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\"" + token +
            "\",\"result\":\"" + item + "\"}}");
        for (final Client client : clients)
        {
            if (client.isSubscribed.getOrDefault(kind, false))
            {
                client.barred.getOrDefault(kind, client.expected.get(kind)).add(item);
            }
        }
    }

    private void subscribeOrUnsubscribe(final Client client, final String kind)
    {
        final boolean isEnd = client.isSubscribed.getOrDefault(kind, false);
        if (isEnd)
        {
            settle();
            relay.says(client.outlet, request(
                "\"u-" + kind + '"', "eth_unsubscribe", '"' + client.subscriptionIds.get(kind) + '"'));
            client.barred.remove(kind);
            client.expected.get(kind).add("end");
        }
        else
        {
            relay.says(client.outlet, request("\"s-" + kind + '"', "eth_subscribe", '"' + kind + '"'));
            client.expected.get(kind).add("begin");
            client.barred.put(kind, new ArrayList<>());
        }
        client.isSubscribed.put(kind, !isEnd);
    }

    private void lift(final Client client)
    {
        client.barred.forEach((kind, waiting) -> client.expected.get(kind).addAll(waiting));
        client.barred.clear();
    }

    private void reconnect()
    {
        settle();
        relay.nodeDown();
        nodeTokens.clear();
        requests.clear();
        if (random.nextBoolean())
        {
            settle();
        }
        relay.nodeUp();
    }

    private void settle()
    {
        relay.run();
        for (String text = relay.node.received.poll(); text != null; text = relay.node.received.poll())
        {
            onRequest(text);
        }
        relay.run();
        clients.forEach(this::listen);
    }

    private void onRequest(final String text)
    {
        if (text.contains("\"eth_getBlockByNumber\",\"params\":[\"latest\",false]"))
        {
            // Where the chain stands before any head: this node can't say.
            return;
        }
        final Matcher request = REQUEST.matcher(text);
        check(request.matches(), text);
        if ("call".equals(request.group(2)))
        {
            requests.add(new Request(request.group(1), request.group(3)));
        }
        else
        {
            check("eth_subscribe".equals(request.group(2)), text);
            final String token = "0xf" + serial++;
            nodeTokens.put(request.group(3).replace("\"", ""), token);
            relay.nodeSays("{\"jsonrpc\":\"2.0\",\"id\":" + request.group(1) + ",\"result\":\"" + token + "\"}");
        }
    }

    private void listen(final Client client)
    {
        for (String text = client.outlet.received.poll(); text != null; text = client.outlet.received.poll())
        {
            final Matcher item = ITEM.matcher(text);
            if (item.matches())
            {
                check(item.group(1).equals(client.subscriptionIds.get(item.group(2))), text);
                client.heard.get(item.group(2)).add(item.group(2) + '-' + item.group(3));
                items++;
            }
            else if (text.startsWith("["))
            {
                onBatchAnswer(client, text.substring(1, text.length() - 1).split("(?<=}),(?=\\{\"jsonrpc\")"));
            }
            else if (!FakeOutlet.PING.equals(text))
            {
                onAnswer(client, text);
            }
        }
    }

    private void onAnswer(final Client client, final String text)
    {
        final Matcher answer = ANSWER.matcher(text);
        check(answer.matches(), text);
        final String id = answer.group(1);
        if (id.startsWith("\"s-"))
        {
            final String kind = id.substring(3, id.length() - 1);
            client.subscriptionIds.put(kind, answer.group(3).replace("\"", ""));
            client.heard.get(kind).add("begin");
        }
        else if (id.startsWith("\"u-"))
        {
            check("true".equals(answer.group(3)), text);
            client.heard.get(id.substring(3, id.length() - 1)).add("end");
        }
        else
        {
            check(client.owed.merge(id, -1, Integer::sum) >= 0, "nobody waits for " + text);
            final String call = callOf(answer);
            check(call == null || id.equals(client.idByCall.remove(call)), "another's, or again: " + text);
        }
    }

    private void onBatchAnswer(final Client client, final String[] texts)
    {
        List<String> calls = null;
        for (int i = 0; i < texts.length; i++)
        {
            final Matcher answer = ANSWER.matcher(texts[i]);
            check(answer.matches(), texts[i]);
            if (i == 0)
            {
                calls = client.batches.remove(answer.group(1));
                check(calls != null && calls.size() == texts.length, "no such batch: " + String.join(",", texts));
            }
            final String call = callOf(answer);
            check(call == null || call.equals(calls.get(i)), "out of order: " + texts[i]);
            check(answer.group(1).equals(client.idByCall.remove(calls.get(i))), "another's id: " + texts[i]);
        }
    }

    /** The number of the call that the node answered; null if the relay answered itself. */
    private String callOf(final Matcher answer)
    {
        answers++;
        if ("result".equals(answer.group(2)))
        {
            return answer.group(3);
        }
        if (answer.group(3).startsWith("{\"code\":3,"))
        {
            return answer.group(3).replaceAll(".*\"message\":\"|\"}", "");
        }
        check(answer.group(3).matches("\\{\"code\":(-32002|-32070),.*"), answer.group());
        relayErrors++;
        return null;
    }

    private static String request(final String id, final String method, final String param)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":[" + param + "]}";
    }

    private static void check(final boolean isGood, final String complaint)
    {
        if (!isGood)
        {
            throw new AssertionError(complaint);
        }
    }
}
