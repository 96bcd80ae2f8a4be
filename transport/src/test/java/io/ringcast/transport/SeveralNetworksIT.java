package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.NetworkConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/** Networks side by side, each behind its paths. Confined to the test thread. */
class SeveralNetworksIT
{
    private static final String NAMES = "[{\"name\":\"main\",\"path\":\"/main/evm/1/\",\"aliases\":[\"/eth\"," +
        "\"/1\"],\"default\":%b,\"dialect\":\"ethereum\",\"this\":%b},{\"name\":\"test\",\"path\":" +
        "\"/main/evm/5\",\"aliases\":[],\"default\":false,\"dialect\":\"ethereum\",\"this\":%b}]";

    private FakeUpstream other;
    private TestBed bed;

    @AfterEach
    void stop()
    {
        if (bed != null)
        {
            bed.close();
        }
        if (other != null)
        {
            other.close();
        }
    }

    @Test
    void shouldLeadEachPathToItsNetworkAndTheRootToTheDefault() throws IOException
    {
        start(main -> main.isDefault(true));
        for (final String path : List.of("/main/evm/1", "/main/evm/1/", "/eth", "/eth/", "/1", "/",
            "http://relay/eth", "https://relay", "http://relay/"))
        {
            assertEquals("\"main\"", ask(path, "whoami"), path);
        }
        assertEquals("\"test\"", ask("/main/evm/5", "whoami"));
        assertEquals(404, HttpTalk.get(bed.address(), "/main/evm").status());
        assertEquals(NAMES.formatted(true, true, false), ask("/eth", "relay_networks"));
        assertEquals(NAMES.formatted(true, false, true), ask("/main/evm/5", "relay_networks"));

        try (HttpTalk main = stream("/1/sse"); HttpTalk root = stream("/sse");
            HttpTalk test = stream("/main/evm/5/sse"))
        {
            bed.upstream().publish("newHeads", "{\"number\":\"0x1\"}");
            other.publish("newHeads", "{\"number\":\"0x2\"}");
            final String item = text(main);
            assertTrue(item.contains("0x1"), item);
            assertEquals(item, text(root));
            assertTrue(text(test).contains("0x2"));
        }
    }

    @Test
    void shouldLeadTheRootNowhereGivenNoDefault() throws IOException
    {
        start(main -> main);
        assertEquals(404, HttpTalk.get(bed.address(), "/").status());
        assertEquals(404, HttpTalk.get(bed.address(), "/sse?sub=newHeads").status());
        assertEquals(NAMES.formatted(false, true, false), ask("/1", "relay_networks"));
    }

    private HttpTalk stream(final String path) throws IOException
    {
        final HttpTalk talk = HttpTalk.open(bed.address());
        talk.send("GET " + path + "?sub=newHeads HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals(200, talk.readHead().status());
        talk.readChunk();
        return talk;
    }

    private static String text(final HttpTalk talk) throws IOException
    {
        return new String(talk.readChunk());
    }

    private String ask(final String path, final String method) throws IOException
    {
        try (HttpTalk talk = HttpTalk.open(bed.address()))
        {
            talk.post(path, "", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"}");
            final String text = talk.read().text();
            return text.substring("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":".length(), text.length() - 1);
        }
    }

    private void start(final UnaryOperator<NetworkConfig.Builder> change) throws IOException
    {
        other = FakeUpstream.start();
        other.on("whoami", request -> request.answer("\"test\""));
        bed = TestBed.start(Mode.USUAL, config ->
        {
            change.apply(config.networks().get(0).path("/main/evm/1/").aliases(List.of("/eth", "/1")));
            config.network(NetworkConfig.builder().name("test").path("/main/evm/5").upstream(other.config()));
        });
        bed.upstream().on("whoami", request -> request.answer("\"main\""));
        TestBed.await("both upstreams", () -> bed.relay().networks().stream()
            .allMatch(network -> network.firstUpstream().getCount() == 0));
    }
}
