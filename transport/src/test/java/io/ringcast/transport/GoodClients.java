package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A well-behaved client at each door, to be looked at while others behave badly: each must get each item, in order
 * and soon, and its answers.
 * Confined to the test's thread.
 */
final class GoodClients implements AutoCloseable
{
    static final String SUBSCRIBE =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}";
    /** How many sockets stay open: those for HTTP are others each time. */
    static final int SOCKETS = 3;

    private final TestBed bed;
    private final RawClient webSocket;
    private final HttpTalk stream;
    private final IpcTalk ipc;
    private final String id;
    private int serial;
    private long slowestNs;

    GoodClients(final TestBed bed, final Path path) throws IOException
    {
        this.bed = bed;
        webSocket = bed.client();
        id = webSocket.subscribe("[\"newHeads\"]");
        stream = HttpTalk.open(bed.address());
        stream.send("GET /sse?sub=newHeads HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals(200, stream.readHead().status());
        stream.readChunk();
        ipc = new IpcTalk(path);
        assertTrue(ipc.call(SUBSCRIBE).contains(id));
        // The first item may wait for the barrier, and is no measure.
        look();
        slowestNs = 0;
    }

    /** Publishes an item and sees that all get it, and that calls are answered. */
    void look() throws IOException
    {
        look("{\"number\":\"0x" + Integer.toHexString(++serial) + "\"}");
    }

    void look(final String item) throws IOException
    {
        final long startNs = System.nanoTime();
        bed.upstream().publish("newHeads", item);
        final String expected = FakeUpstream.item(id, item);
        assertEquals(expected, webSocket.readText());
        assertEquals(expected, ipc.read());
        String event = new String(stream.readChunk());
        while (event.startsWith(":"))
        {
            event = new String(stream.readChunk());
        }
        assertTrue(event.endsWith("\ndata: " + expected + "\n\n"), event);
        try (HttpTalk http = HttpTalk.open(bed.address()))
        {
            assertEquals(answer(serial), http.call(call(serial)).text());
        }
        try (Http2Talk http2 = Http2Talk.open(bed.address()))
        {
            assertEquals(answer(serial), http2.readResponse(http2.post("/", call(serial))).text());
        }
        slowestNs = Math.max(slowestNs, System.nanoTime() - startNs);
    }

    /** The longest that one look took. */
    long slowestMs()
    {
        return slowestNs / 1_000_000;
    }

    static String call(final int callId)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + callId + ",\"method\":\"echo\",\"params\":[]}";
    }

    static String answer(final int callId)
    {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + callId + ",\"result\":[]}";
    }

    @Override
    public void close()
    {
        webSocket.close();
        stream.close();
        ipc.close();
    }
}
