package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.transport.HostileInputIT.Case;
import io.ringcast.transport.HostileInputIT.Fate;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The bad manners of {@link HostileInputIT} over HTTP/2. Confined to the test's thread. */
final class HostileHttp2Cases
{
    private static final int CANCEL = 8;

    private HostileHttp2Cases()
    {
    }

    /** Those that HTTP/2 has in common with the other doors; its own are in {@link HostileHttp2IT}. */
    static List<Case> all(final String batch, final byte[] noUtf8)
    {
        return List.of(
            new Case("a preface that never ends", (bed, ipc) ->
            {
                final HttpTalk talk = HttpTalk.open(bed.address());
                talk.send("PRI * HTTP/2.0\r\n\r\nS");
                return talk::awaitEnd;
            }),
            new Case("an HTTP/2 head that never ends", (bed, ipc) ->
            {
                final Http2Talk talk = Http2Talk.open(bed.address());
                talk.frame(Http2Talk.HEADERS, Http2Talk.END_STREAM, 1, talk.head("GET", "/"));
                return ended(talk);
            }),
            new Case("an HTTP/2 body that never ends", (bed, ipc) ->
            {
                final Http2Talk talk = Http2Talk.open(bed.address());
                final int stream = talk.beginPost("/");
                talk.frame(Http2Talk.DATA, 0, stream, new byte[]{'{'});
                return () ->
                {
                    assertEquals(408, talk.readResponse(stream).status());
                    ended(talk).check();
                };
            }),
            new Case("huge headers over HTTP/2", (bed, ipc) ->
            {
                final Http2Talk talk = Http2Talk.open(bed.address());
                assertEquals(431, talk.readResponse(talk.get("/", "x-long", "x".repeat(9_000))).status());
                return ended(talk);
            }),
            new Case("a stream of events with a huge URL over HTTP/2", (bed, ipc) ->
            {
                final Http2Talk talk = Http2Talk.open(bed.address());
                final int stream = talk.get("/sse?sub=logs&address=0x" + "a".repeat(6_000));
                assertEquals(400, talk.readResponse(stream).status());
                return ended(talk);
            }),
            answered("an oversized batch over HTTP/2", batch.getBytes(StandardCharsets.UTF_8), "-32600"),
            answered("a body that is not UTF-8 over HTTP/2", noUtf8, "-32700"),
            new Case("a compressed body over HTTP/2", (bed, ipc) ->
            {
                final Http2Talk talk = Http2Talk.open(bed.address());
                final int stream = talk.post("/", "\u001f\u0008", "content-encoding", "gzip");
                assertEquals(415, talk.readResponse(stream).status());
                return ended(talk);
            }),
            new Case("an HTTP/2 socket that is half open", (bed, ipc) ->
            {
                final Http2Talk talk = Http2Talk.open(bed.address());
                talk.get("/sse?sub=newHeads");
                talk.shutdownOutput();
                return ended(talk);
            }),
            new Case("an answer over HTTP/2 that is never read", (bed, ipc) ->
            {
                final Http2Talk talk = Http2Talk.open(bed.address(), 0);
                final int stream = talk.post("/", GoodClients.call(1));
                return () ->
                {
                    assertEquals(CANCEL, talk.readResponse(stream).resetCode());
                    ended(talk).check();
                };
            }),
            new Case("an idle HTTP/2 socket", (bed, ipc) -> ended(Http2Talk.open(bed.address()))));
    }

    private static Case answered(final String name, final byte[] body, final String answer)
    {
        return new Case(name, (bed, ipc) ->
        {
            final Http2Talk talk = Http2Talk.open(bed.address());
            final int stream = talk.beginPost("/");
            talk.frame(Http2Talk.DATA, Http2Talk.END_STREAM, stream, body);
            final String text = talk.readResponse(stream).text();
            assertTrue(text.contains(answer), text);
            return ended(talk);
        });
    }

    private static Fate ended(final Http2Talk talk)
    {
        return () ->
        {
            assertTrue(talk.isEnded(), "it does not end");
            talk.close();
        };
    }
}
