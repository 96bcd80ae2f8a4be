package io.ringcast.transport;

import io.ringcast.config.Dialect;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The golden conversations of each dialect, over real doors: what the stages say in memory is said on the wire. */
class DialectDoorsIT
{
    private static final Path CONVERSATIONS = Path.of("..", "core", "src", "test", "resources", "conversations");
    private static final Pattern SPEECH = Pattern.compile("(\\w+) (-->|<--) (.*)");
    private static final Pattern VARIABLE = Pattern.compile("\\$([a-zA-Z0-9]+)");
    private static final Pattern METHOD = Pattern.compile("\"method\":\"(\\w+)\"");

    private final BlockingQueue<FakeUpstream.Request> asked = new LinkedBlockingQueue<>();
    private final Map<String, ConversationDoor.Talk> clients = new LinkedHashMap<>();
    private final Map<String, String> values = new HashMap<>();
    /** The connection over which the node was asked last. */
    private FakeUpstream.Session node;
    private String place;

    @ParameterizedTest
    @CsvSource({
        "solana, ws", "solana, ipc", "substrate, ws", "substrate, ipc", "diem, ws",
        "diem, ipc", "diem-malformed, ws"})
    void shouldSayOnTheWireWhatTheConversationExpects(
        final String name, final String door, @TempDir final Path directory) throws Exception
    {
        final List<String> lines = Files.readAllLines(CONVERSATIONS.resolve(name + ".txt"));
        final Path socket = directory.resolve("r.ipc");
        final Dialect dialect = Dialect.parse(name.replaceAll("-.*", ""));
        try (TestBed bed = TestBed.start(Mode.USUAL, config ->
        {
            config.networks().get(0).dialect(dialect).ipc("ipc".equals(door) ? socket : null);
            if ("ipc".equals(door))
            {
                // Nobody answers a ping there.
                config.timing(config.timing().toBuilder().activationFallbackMs(1).build());
            }
        }))
        {
            methods(lines).forEach(method -> bed.upstream().on(method, asked::add));
            for (int i = 0; i < lines.size(); i++)
            {
                place = name + ".txt:" + (i + 1);
                play(lines.get(i), bed, "ipc".equals(door) ? socket : null);
            }
        }
        finally
        {
            clients.values().forEach(ConversationDoor.Talk::close);
        }
    }

    /** It knows how to poll for heads and logs of Ethereum alone. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "solana|{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"slotSubscribe\",\"params\":[]}",
        "substrate|{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"chain_subscribeNewHeads\",\"params\":[]}",
        "diem|{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscribe_to_transactions\"," +
            "\"params\":{\"starting_version\":0}}"})
    void shouldAnswerCallsButRefuseSubscriptionsGivenAnUpstreamByHttp(final String name, final String subscribe)
        throws IOException
    {
        try (TestBed bed = TestBed.start(Mode.USUAL, FakeUpstream.start(FakeUpstream.Door.HTTP),
            config -> config.networks().get(0).dialect(Dialect.parse(name))))
        {
            bed.awaitUpstream();
            final RawClient client = bed.client();
            assertTrue(client.call(subscribe).startsWith("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{" +
                "\"code\":-32601,\"message\":\"notifications not supported\""));
            assertEquals(GoodClients.answer(2), client.call(GoodClients.call(2)));
        }
    }

    private void play(final String line, final TestBed bed, final Path socket) throws Exception
    {
        final Matcher speech = SPEECH.matcher(line);
        if (speech.matches())
        {
            speak(speech.group(1), "-->".equals(speech.group(2)), speech.group(3), bed, socket);
        }
        else if (line.endsWith(" closes"))
        {
            clients.remove(line.substring(0, line.indexOf(' '))).close();
        }
        else if ("node down".equals(line))
        {
            node.closeWith(1001);
        }
        else
        {
            // Pings are answered by the client, and a relay that lost its upstream comes back by itself.
            assertTrue(line.isBlank() || line.matches("//.*|config dialect .*|node up|\\w+ pongs"), place);
        }
    }

    private void speak(
        final String who, final boolean isSaid, final String text, final TestBed bed, final Path socket)
        throws Exception
    {
        if (isSaid && "node".equals(who))
        {
            node.send(filled(text));
        }
        else if (isSaid)
        {
            client(who, bed, socket).say(filled(text));
        }
        else if ("node".equals(who))
        {
            final FakeUpstream.Request request = asked.poll(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS);
            assertTrue(request != null, place + ": the node was asked for nothing");
            node = request.session();
            compare(text, request.text());
        }
        else if (!"ping".equals(text))
        {
            compare(text, client(who, bed, socket).hear(text));
        }
    }

    private void compare(final String expected, final String heard)
    {
        final StringBuilder regex = new StringBuilder();
        final Matcher variable = VARIABLE.matcher(expected);
        int position = 0;
        while (variable.find())
        {
            final String value = values.get(variable.group(1));
            regex.append(Pattern.quote(expected.substring(position, variable.start())))
                .append(value != null ? Pattern.quote(value) : "(?<v" + variable.group(1) + ">\\w+)");
            position = variable.end();
        }
        regex.append(Pattern.quote(expected.substring(position)));
        final Matcher matcher = Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(heard);
        if (!matcher.matches())
        {
            assertEquals(expected, heard, place);
        }
        final Matcher found = VARIABLE.matcher(expected);
        while (found.find())
        {
            values.computeIfAbsent(found.group(1), name -> matcher.group('v' + name));
        }
    }

    private String filled(final String text)
    {
        return VARIABLE.matcher(text).replaceAll(variable -> values.get(variable.group(1)));
    }

    private ConversationDoor.Talk client(final String who, final TestBed bed, final Path socket) throws IOException
    {
        final ConversationDoor.Talk known = clients.get(who);
        if (known != null)
        {
            return known;
        }
        final ConversationDoor.Talk made =
            socket == null ? ConversationDoor.webSocket(bed.client()) : ConversationDoor.ipc(socket);
        clients.put(who, made);
        return made;
    }

    private static Set<String> methods(final List<String> lines)
    {
        final Set<String> methods = new HashSet<>();
        for (final String line : lines)
        {
            final Matcher method = METHOD.matcher(line);
            while (method.find())
            {
                methods.add(method.group(1));
            }
        }
        return methods;
    }
}
