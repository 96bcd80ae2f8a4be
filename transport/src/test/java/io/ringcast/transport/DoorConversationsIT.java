package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertNull;

import io.ringcast.conversation.ConversationNames;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pipeline's golden conversations once more, through the sockets of every door: the same files, so the same bytes.
 * Those are played that need nothing but one node and clients; HTTP, which has no subscriptions, plays those without.
 * Confined to the test thread.
 */
class DoorConversationsIT
{
    private static final List<String> CALLS = List.of(
        "call-ids", "call-notifications", "calls-with-equal-ids", "filters-pending", "relay-networks");
    /** A Unix domain socket has no frames: what is no JSON can't be told from the beginning of some. */
    private static final String BROKEN = "invalid-requests";
    private static final List<String> SUBSCRIPTIONS = List.of(
        "logs", "null-error", "reorg", "unsubscribe", "upstream-errors");
    private static final Pattern SPEECH = Pattern.compile("(\\w+) (-->|<--) (.*)");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(ConversationDoor.class)
    void shouldSayTheSameThroughEveryDoor(final ConversationDoor door) throws Exception
    {
        for (final String name : CALLS)
        {
            play(door, name);
        }
        if (door != ConversationDoor.IPC)
        {
            play(door, BROKEN);
        }
        for (final String name : door.hasSubscriptions() ? SUBSCRIPTIONS : List.<String>of())
        {
            play(door, name);
        }
    }

    private void play(final ConversationDoor door, final String name) throws Exception
    {
        final Map<String, ConversationDoor.Talk> clients = new HashMap<>();
        final ConversationNames names = new ConversationNames();
        int lineNumber = 0;
        try (TestBed bed = door.open(directory))
        {
            for (final String line : lines(name))
            {
                lineNumber++;
                final Matcher speech = SPEECH.matcher(line);
                if (speech.matches())
                {
                    final String complaint = "node".equals(speech.group(1)) ?
                        node(bed, speech, names) : client(door, bed, clients, speech, names);
                    assertNull(complaint, door + " " + name + ":" + lineNumber + ": " + complaint);
                }
            }
            clients.values().forEach(ConversationDoor.Talk::close);
        }
        catch (final IOException | AssertionError e)
        {
            throw new AssertionError(door + " " + name + ":" + lineNumber + ": " + e.getMessage(), e);
        }
    }

    private static String node(final TestBed bed, final Matcher speech, final ConversationNames names)
        throws InterruptedException
    {
        if ("<--".equals(speech.group(2)))
        {
            return names.complaint(speech.group(3), bed.upstream().awaitAny().text());
        }
        // What a client says next comes by another socket, and may not overtake this.
        final long before = bed.count(RelayCounter.UPSTREAM_FRAMES);
        bed.upstream().session().send(names.fill(speech.group(3)));
        bed.awaitCount(RelayCounter.UPSTREAM_FRAMES, before + 1);
        return null;
    }

    private String client(
        final ConversationDoor door, final TestBed bed, final Map<String, ConversationDoor.Talk> clients,
        final Matcher speech, final ConversationNames names) throws IOException
    {
        if (!clients.containsKey(speech.group(1)))
        {
            clients.put(speech.group(1), door.talk(bed, directory));
        }
        final ConversationDoor.Talk client = clients.get(speech.group(1));
        if ("-->".equals(speech.group(2)))
        {
            client.say(names.fill(speech.group(3)));
            return null;
        }
        if ("ping".equals(speech.group(3)))
        {
            client.takePing();
            return null;
        }
        return names.complaint(speech.group(3), client.hear());
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
