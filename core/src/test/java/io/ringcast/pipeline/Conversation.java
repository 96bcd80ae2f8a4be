package io.ringcast.pipeline;

import io.ringcast.config.Choice;
import io.ringcast.config.ClockSync;
import io.ringcast.config.Dialect;
import io.ringcast.config.LimitsConfig;
import io.ringcast.config.LogsMode;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.NumberSetting;
import io.ringcast.config.OwnTopicsConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.SubscriptionMethod;
import io.ringcast.config.TimingConfig;
import io.ringcast.conversation.ConversationNames;
import io.ringcast.metrics.RelayCounter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays one conversation file against a relay, and compares all that the relay says with what the file expects.
 * Confined to the test's thread.
 *
 * <pre>
 *   // a comment
 *   config lingerMs 0                    before anything else; also: config logs pass,
 *                                        config method admin_peerEvents admin_unsubscribe admin_subscription,
 *                                        config upstreams 3, config broadcast eth_sendRawTransaction,
 *                                        config dialect solana,
 *                                        config quorum 2, config publish chat.*, config subscribe news,
 *                                        config clockSync ptp
 *   node up, node down                   the node's connection; the second node is node2, the third node3
 *   alice --&gt; {...}                      alice says; she is connected when she is first named
 *   alice &lt;-- {...}                      alice hears, the whole text
 *   alice &lt;-- ping                       alice gets the ping of the activation barrier
 *   alice pongs, alice closes
 *   alice stalls, alice drains          her socket is full, and takes more again
 *   alice &lt;-- 4008 q=1                she is cut off, having been handed her subscriptions so far
 *   node &lt;-- {...}, node --&gt; {...}       the same for the node
 *   tick 30s, tick 250ms                 time passes
 *   counted UPSTREAM_UNKNOWN_IDS 1       a counter's value by now
 * </pre>
 *
 * A {@code $name} that is new stands for any number, subscription id or epoch and keeps what it met; two names never
 * have the same value. {@code $name:hex} is the value without its 0x. Whatever the relay says must be expected before
 * the next line that tells it something.
 */
final class Conversation implements AutoCloseable
{
    private static final Pattern SPEECH = Pattern.compile("(\\w+) (-->|<--) (.*)");
    private static final Pattern EVENT = Pattern.compile("(\\w+) (connects|closes|pongs|stalls|drains|up|down)");
    private static final Pattern TICK = Pattern.compile("tick (\\d+)(ms|s)");
    private static final Pattern COUNTED = Pattern.compile("counted (\\w+) (\\d+)");
    private static final Pattern NODE = Pattern.compile("node(\\d*)");

    private final String name;
    private final RelayConfig.Builder config = RelayConfig.builder();
    private final NetworkConfig.Builder network = NetworkConfig.builder();
    private final LimitsConfig.Builder limits = LimitsConfig.builder();
    private final TimingConfig.Builder timing = TimingConfig.builder();
    private final Map<String, FakeOutlet> outlets = new LinkedHashMap<>();
    private final ConversationNames names = new ConversationNames();
    private FakeRelay relay;
    private int lineNumber;

    Conversation(final String name)
    {
        this.name = name;
    }

    void play(final List<String> lines)
    {
        for (final String line : lines)
        {
            lineNumber++;
            if (!line.isBlank() && !line.startsWith("//"))
            {
                playLine(line.strip());
            }
        }
        expectSilence();
    }

    @Override
    public void close()
    {
        if (relay != null)
        {
            relay.close();
        }
    }

    private void playLine(final String line)
    {
        if (line.startsWith("config "))
        {
            configure(line.split(" "));
            return;
        }
        if (relay == null)
        {
            relay = FakeRelay.recorded(config.limits(limits.build()).timing(timing.build()), network);
            for (int lane = 0; lane < relay.nodes.size(); lane++)
            {
                outlets.put(lane == 0 ? "node" : "node" + (lane + 1), relay.nodes.get(lane));
            }
        }
        final Matcher speech = SPEECH.matcher(line);
        if (speech.matches() && "<--".equals(speech.group(2)))
        {
            expect(speech.group(1), speech.group(3));
            return;
        }
        expectSilence();
        if (speech.matches())
        {
            say(speech.group(1), fill(speech.group(3)));
        }
        else
        {
            event(line);
        }
        relay.run();
    }

    private void configure(final String[] words)
    {
        if ("upstreams".equals(words[1]))
        {
            for (int i = 0; i < Integer.parseInt(words[2]); i++)
            {
                network.upstream("ws://127.0.0.1:8546");
            }
        }
        else if ("dialect".equals(words[1]))
        {
            network.dialect(Dialect.parse(words[2]));
        }
        else if ("quorum".equals(words[1]))
        {
            network.quorum(Integer.parseInt(words[2]));
        }
        else if ("broadcast".equals(words[1]))
        {
            network.broadcast(List.of(words).subList(2, words.length));
        }
        else if ("logs".equals(words[1]))
        {
            network.logs(LogsMode.valueOf(words[2].toUpperCase(Locale.ROOT)));
        }
        else if ("method".equals(words[1]))
        {
            network.subscriptionMethod(new SubscriptionMethod(words[2], words[3], words[4]));
        }
        else if ("publish".equals(words[1]))
        {
            network.topics(network.topics().toBuilder().publish(List.of(words).subList(2, words.length)).build());
        }
        else if ("subscribe".equals(words[1]))
        {
            network.topics(network.topics().toBuilder().subscribe(List.of(words).subList(2, words.length)).build());
        }
        else if ("clockSync".equals(words[1]))
        {
            timing.clockSync(Choice.parse(words[1], words[2], ClockSync.class));
        }
        else if (!trySetTopics(words) && !trySet(LimitsConfig.SETTINGS, words, true) &&
            !trySet(TimingConfig.SETTINGS, words, false))
        {
            throw failure("no setting " + words[1]);
        }
    }

    private boolean trySetTopics(final String[] words)
    {
        for (final NumberSetting setting : OwnTopicsConfig.SETTINGS)
        {
            if (setting.name().equals(words[1]))
            {
                network.topics(network.topics().toBuilder().set(setting, Long.parseLong(words[2])).build());
                return true;
            }
        }
        return false;
    }

    private boolean trySet(final List<NumberSetting> settings, final String[] words, final boolean isLimit)
    {
        for (final NumberSetting setting : settings)
        {
            if (setting.name().equals(words[1]))
            {
                final long value = Long.parseLong(words[2]);
                if (isLimit)
                {
                    limits.set(setting, value);
                }
                else
                {
                    timing.set(setting, value);
                }
                return true;
            }
        }
        return false;
    }

    private void say(final String speaker, final String text)
    {
        final Matcher node = NODE.matcher(speaker);
        if (node.matches())
        {
            relay.nodeSays(lane(node), text);
        }
        else
        {
            relay.says(client(speaker), text);
        }
    }

    private void event(final String line)
    {
        final Matcher tick = TICK.matcher(line);
        final Matcher counted = COUNTED.matcher(line);
        final Matcher event = EVENT.matcher(line);
        if (tick.matches())
        {
            relay.tick(Long.parseLong(tick.group(1)) * ("s".equals(tick.group(2)) ? 1_000_000_000L : 1_000_000L));
        }
        else if (counted.matches())
        {
            final long value = relay.count(RelayCounter.valueOf(counted.group(1)));
            if (value != Long.parseLong(counted.group(2)))
            {
                throw failure("counted " + value);
            }
        }
        else if (event.matches())
        {
            connectionEvent(event.group(1), event.group(2));
        }
        else
        {
            throw failure("not a line of a conversation: " + line);
        }
    }

    private void connectionEvent(final String who, final String what)
    {
        switch (what)
        {
            case "up":
                relay.nodeUp(lane(node(who)));
                break;

            case "down":
                relay.nodeDown(lane(node(who)));
                break;

            case "pongs":
                relay.pongs(client(who));
                break;

            case "stalls":
                relay.parts.loops[0].onCongested(client(who));
                break;

            case "drains":
                relay.parts.loops[0].onDrained(client(who), relay.nowNs);
                break;

            case "closes":
                relay.closes(client(who));
                break;

            default:
                client(who);
                break;
        }
    }

    private Matcher node(final String who)
    {
        final Matcher node = NODE.matcher(who);
        if (!node.matches())
        {
            throw failure(who + " is no node");
        }
        return node;
    }

    private static int lane(final Matcher node)
    {
        return node.group(1).isEmpty() ? 0 : Integer.parseInt(node.group(1)) - 1;
    }

    private FakeOutlet client(final String who)
    {
        return outlets.computeIfAbsent(who, ignored -> connect());
    }

    private FakeOutlet connect()
    {
        final FakeOutlet client = relay.connect();
        client.onCutOff = () -> client.received.add("4008 q=" + client.positions(','));
        return client;
    }

    private void expect(final String listener, final String pattern)
    {
        final String text = client(listener).received.poll();
        if (text == null)
        {
            throw failure(listener + " heard nothing");
        }
        final String complaint = names.complaint(pattern, text);
        if (complaint != null)
        {
            throw failure(listener + " " + complaint);
        }
    }

    private String fill(final String text)
    {
        try
        {
            return names.fill(text);
        }
        catch (final AssertionError e)
        {
            throw failure(e.getMessage());
        }
    }

    private void expectSilence()
    {
        outlets.forEach((who, outlet) ->
        {
            if (!outlet.received.isEmpty())
            {
                throw failure("before this line, " + who + " also heard\n  " + outlet.received.peek());
            }
        });
    }

    private AssertionError failure(final String complaint)
    {
        return new AssertionError(name + ":" + lineNumber + ": " + complaint);
    }
}
