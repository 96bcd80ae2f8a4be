package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ringcast.config.LimitsConfig;
import io.ringcast.conversation.ConversationNames;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pipeline's golden conversations once more, through every door: the same files, so the same bytes. Those are
 * played that need nothing but one node and clients. HTTP, which has no subscriptions, plays those without; server-sent
 * events and the relay's own process, which have nothing else, those of subscriptions only.
 * Confined to the test thread.
 */
class DoorConversationsIT
{
    private static final List<String> CALLS = List.of(
        "call-ids", "call-notifications", "calls-with-equal-ids", "filters-pending", "relay-networks");
    /** A Unix domain socket has no frames: what is no JSON can't be told from the beginning of some. */
    private static final List<String> BROKEN = List.of("invalid-requests", "batches");
    private static final List<String> SUBSCRIPTIONS = List.of(
        "logs", "logs-refused", "no-subscription-id", "null-error", "reorg");
    private static final List<String> SUBSCRIPTIONS_AND_CALLS = List.of(
        "fields-and-any", "unsubscribe", "upstream-errors");
    /** Filters whose members are of the wrong type: what a URL says is always text. */
    private static final int UNSAID_IN_A_URL = 3;
    private static final String NEWEST = "\"method\":\"eth_getBlockByNumber\",\"params\":[\"latest\",false]";
    private static final Pattern SPEECH = Pattern.compile("(\\w+) (-->|<--) (.*)");
    private static final Pattern ID = Pattern.compile("\"id\":(\\w+),");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(ConversationDoor.class)
    void shouldSayTheSameThroughEveryDoor(final ConversationDoor door) throws Exception
    {
        final List<String> names = new ArrayList<>();
        names.addAll(door.hasCalls() ? CALLS : List.of());
        names.addAll(door.hasCalls() && door != ConversationDoor.IPC ? BROKEN : List.of());
        names.addAll(door.hasSubscriptions() ? SUBSCRIPTIONS : List.of());
        names.addAll(door.hasSubscriptions() && door.hasCalls() ? SUBSCRIPTIONS_AND_CALLS : List.of());

        int unsaid = 0;
        for (final String name : names)
        {
            unsaid += play(door, name);
        }

        assertEquals(door.isWordy() ? 0 : UNSAID_IN_A_URL, unsaid);
    }

    /** Returns how much of the conversation the door had no words for. */
    private int play(final ConversationDoor door, final String name) throws Exception
    {
        final Set<String> unsaid = new HashSet<>();
        final Map<String, ConversationDoor.Talk> clients = new HashMap<>();
        final ConversationNames names = new ConversationNames();
        int lineNumber = 0;
        final List<String> lines = lines(name);
        try (TestBed bed = door.open(directory, batchItems(lines)))
        {
            for (final String line : lines)
            {
                lineNumber++;
                final Matcher speech = SPEECH.matcher(line);
                if (speech.matches())
                {
                    final String complaint = "node".equals(speech.group(1)) ?
                        node(bed, speech, names) : client(door, bed, clients, speech, names, unsaid);
                    assertNull(complaint, door + " " + name + ":" + lineNumber + ": " + complaint);
                }
            }
            clients.values().forEach(ConversationDoor.Talk::close);
        }
        catch (final IOException | AssertionError e)
        {
            throw new AssertionError(door + " " + name + ":" + lineNumber + ": " + e.getMessage(), e);
        }
        return unsaid.size();
    }

    /** The only setting that one of them needs. */
    private static int batchItems(final List<String> lines)
    {
        return lines.stream().filter(line -> line.startsWith("config "))
            .mapToInt(line -> Integer.parseInt(line.replaceFirst("config batchItems ", "")))
            .findFirst().orElse(LimitsConfig.defaults().batchItems());
    }

    private static String node(final TestBed bed, final Matcher speech, final ConversationNames names)
        throws InterruptedException
    {
        if ("<--".equals(speech.group(2)))
        {
            String text = bed.upstream().awaitAny().text();
            // Here time passes by itself: who has pushed no head may be asked for its newest one between any two lines.
            if (text.contains(NEWEST) && !speech.group(3).contains(NEWEST))
            {
                text = bed.upstream().awaitAny().text();
            }
            return names.complaint(speech.group(3), text);
        }
        // What a client says next comes by another socket, and may not overtake this.
        final long before = bed.count(RelayCounter.UPSTREAM_FRAMES);
        bed.upstream().session().send(names.fill(speech.group(3)));
        bed.awaitCount(RelayCounter.UPSTREAM_FRAMES, before + 1);
        return null;
    }

    private String client(
        final ConversationDoor door, final TestBed bed, final Map<String, ConversationDoor.Talk> clients,
        final Matcher speech, final ConversationNames names, final Set<String> unsaid) throws IOException
    {
        if (!clients.containsKey(speech.group(1)))
        {
            clients.put(speech.group(1), door.talk(bed, directory));
        }
        final ConversationDoor.Talk client = clients.get(speech.group(1));
        final Matcher id = ID.matcher(speech.group(3));
        final String call = speech.group(1) + ' ' + (id.find() ? id.group(1) : "");
        if ("-->".equals(speech.group(2)))
        {
            if (!client.say(names.fill(speech.group(3))))
            {
                unsaid.add(call);
            }
            return null;
        }
        if (unsaid.contains(call))
        {
            return null;
        }
        if ("ping".equals(speech.group(3)))
        {
            client.takePing();
            return null;
        }
        return names.complaint(speech.group(3), client.hear(names.fillKnown(speech.group(3))));
    }

    private static List<String> lines(final String name) throws IOException
    {
        try (InputStream in = DoorConversationsIT.class.getResourceAsStream("/conversations/" + name + ".txt"))
        {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip)
                .filter(line -> !line.startsWith("//")).toList();
        }
    }
}
