package io.ringcast.tools.clients;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A real Ethereum node, started from the npm packages on a free loopback port. Confined to the test thread.
 * <p>
 * It mines only when told to and its genesis has a fixed time, so two nodes that get the same calls hold the same
 * chain, hash for hash.
 */
final class AnvilNode implements AutoCloseable
{
    /** Its own accounts hold test money and are unlocked; the clients sign for the first of them. */
    static final String SECOND_ACCOUNT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

    private static final String GENESIS_SECONDS = "1700000000";
    private static final String LISTENING = "Listening on 127.0.0.1:";

    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Arrivals.PATIENCE).build();
    private final Thread killAtExit = new Thread(this::kill, "anvil-kill");
    private int port;
    private volatile Process process;

    private AnvilNode()
    {
    }

    static AnvilNode start()
    {
        final AnvilNode node = new AnvilNode();
        Runtime.getRuntime().addShutdownHook(node.killAtExit);
        try
        {
            node.launch(List.of("--timestamp", GENESIS_SECONDS));
            return node;
        }
        catch (final RuntimeException | Error failure)
        {
            node.close();
            throw failure;
        }
    }

    URI url()
    {
        return URI.create("ws://127.0.0.1:" + port);
    }

    void mine()
    {
        call("evm_mine");
    }

    /** The result of a call made directly, beside any relay; fails the test when the node answers an error. */
    JsonNode call(final String method, final Object... params)
    {
        final ObjectNode call = mapper.createObjectNode().put("jsonrpc", "2.0").put("id", 1).put("method", method);
        call.set("params", mapper.valueToTree(params));
        final HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port))
            .timeout(Arrivals.PATIENCE).header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(call.toString())).build();
        try
        {
            final JsonNode answer = mapper.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
            if (!answer.has("result"))
            {
                throw new AssertionError(call + " was answered " + answer);
            }
            return answer.get("result");
        }
        catch (final IOException failure)
        {
            throw new UncheckedIOException(failure);
        }
        catch (final InterruptedException interrupted)
        {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted in " + method, interrupted);
        }
    }

    /** Kills the process as a power cut would, then starts it on the same port and the same chain. */
    void killAndRestart()
    {
        final String state = call("anvil_dumpState").asText();
        kill();
        try
        {
            final Path file = Files.createTempFile("ringcast-anvil", ".json");
            try
            {
                final byte[] zipped = HexFormat.of().parseHex(state.substring("0x".length()));
                try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped)))
                {
                    Files.write(file, in.readAllBytes());
                }
                launch(List.of("--load-state", file.toString()));
            }
            finally
            {
                Files.deleteIfExists(file);
            }
        }
        catch (final IOException failure)
        {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close()
    {
        kill();
        Runtime.getRuntime().removeShutdownHook(killAtExit);
    }

    private void launch(final List<String> options)
    {
        final List<String> command = new ArrayList<>(List.of(ClientPackages.anvil().toString(),
            "--host", "127.0.0.1", "--port", String.valueOf(port), "--no-mining", "--threads", "1"));
        command.addAll(options);
        final Queue<String> said = new ConcurrentLinkedQueue<>();
        try
        {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            final Arrivals<Integer> listening = new Arrivals<>("port of anvil");
            final BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
            final Thread reader = new Thread(() -> read(output, said, listening), "anvil-output");
            reader.setDaemon(true);
            reader.start();
            port = listening.next();
            if (port < 0)
            {
                throw new AssertionError("anvil ended before it listened: " + said);
            }
        }
        catch (final IOException failure)
        {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads to the end, for a process whose pipe is full stops. */
    private static void read(final BufferedReader output, final Queue<String> said, final Arrivals<Integer> listening)
    {
        try (output)
        {
            for (String line = output.readLine(); line != null; line = output.readLine())
            {
                if (line.startsWith(LISTENING))
                {
                    listening.add(Integer.valueOf(line.substring(LISTENING.length()).strip()));
                }
                said.add(line);
            }
        }
        catch (final IOException failure)
        {
            said.add(failure.toString());
        }
        listening.add(-1);
    }

    private void kill()
    {
        final Process running = process;
        if (running != null)
        {
            running.destroyForcibly().onExit().join();
        }
    }
}
