package io.ringcast.transport;

import io.ringcast.config.TlsConfig;
import io.ringcast.metrics.RelayCounter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;

/** A door by which a client of a conversation talks. Confined to the test thread. */
enum ConversationDoor
{
    WEB_SOCKET(true, true), DEFLATE(true, true), TLS(true, true), TLS_DEFLATE(true, true), IPC(true, true),
    HTTP(true, false), HTTP2(true, false), TLS_HTTP2(true, false),
    SSE(false, true), HTTP2_SSE(false, true), TLS_HTTP2_SSE(false, true), PROCESS(false, true);

    /** How much of what is sent this door compresses: everything. */
    private static final int DEFLATE_MIN_BYTES = 1;

    private final boolean hasCalls;
    private final boolean hasSubscriptions;

    ConversationDoor(final boolean hasCalls, final boolean hasSubscriptions)
    {
        this.hasCalls = hasCalls;
        this.hasSubscriptions = hasSubscriptions;
    }

    /** One client. */
    interface Talk extends AutoCloseable
    {
        /** False if the door has no words for it. */
        boolean say(String text) throws IOException;

        /** The next text that is not empty; for a client with several ears, on the one where a text is expected. */
        String hear(String expected) throws IOException;

        /** Takes the ping of the activation barrier, and answers it; nothing where there is none. */
        void takePing() throws IOException;

        @Override
        void close();
    }

    /** Whether a client may ask for anything but subscriptions. */
    boolean hasCalls()
    {
        return hasCalls;
    }

    /** Whether a client may send any JSON; else it is a URL that says what is wanted. */
    boolean isWordy()
    {
        return !name().endsWith("SSE");
    }

    boolean hasSubscriptions()
    {
        return hasSubscriptions;
    }

    /** Starts a relay with this door, whose upstream says only what the test has it say. */
    TestBed open(final Path directory, final int batchItems) throws IOException
    {
        final FakeUpstream upstream = FakeUpstream.start();
        upstream.hush();
        final TlsConfig tls = name().startsWith("TLS") ? tls(directory) : null;
        final TestBed bed = TestBed.start(Mode.USUAL, upstream, config ->
        {
            config.limits(config.limits().toBuilder().batchItems(batchItems).build());
            config.doors(config.doors().toBuilder().tls(tls)
                .deflateMinBytes(name().endsWith("DEFLATE") ? DEFLATE_MIN_BYTES : 0).build());
            if (this == IPC)
            {
                // Nothing pongs there: the barrier opens by time.
                config.networks().get(0).ipc(directory.resolve("r.ipc"));
                config.timing(config.timing().toBuilder().activationFallbackMs(1).build());
            }
        });
        bed.awaitUpstream();
        return bed;
    }

    Talk talk(final TestBed bed, final Path directory) throws IOException
    {
        return switch (this)
        {
            case IPC -> ipc(directory.resolve("r.ipc"));
            case HTTP -> http(bed);
            case HTTP2 -> http2(Http2Talk.open(bed.address()));
            case TLS_HTTP2 -> http2(Http2Talk.over(socket(bed), Integer.MAX_VALUE));
            case SSE -> inOrder(bed, params -> SseFeed.overHttp(bed, params));
            case HTTP2_SSE -> inOrder(bed, params ->
                SseFeed.overHttp2(Http2Talk.open(bed.address()), params));
            case TLS_HTTP2_SSE -> inOrder(bed, params ->
                SseFeed.overHttp2(Http2Talk.over(socket(bed), Integer.MAX_VALUE), params));
            case PROCESS -> inOrder(bed, params -> new LocalFeed(bed.relay(), params));
            case WEB_SOCKET -> webSocket(RawClient.connect(bed.address()));
            case TLS -> webSocket(RawClient.over(socket(bed)).shakeHands());
            default -> deflated(this == DEFLATE ? RawClient.open(bed.address()) : RawClient.over(socket(bed)));
        };
    }

    /** Waits until the relay has a subscribe: another one comes by another socket, and may not overtake it. */
    private static FeedTalk inOrder(final TestBed bed, final FeedTalk.Opener opener)
    {
        return new FeedTalk(params ->
        {
            final long before = bed.count(RelayCounter.CLIENT_FRAMES);
            final FeedTalk.Feed feed = opener.open(params);
            if (feed != null)
            {
                bed.awaitCount(RelayCounter.CLIENT_FRAMES, before + 1);
            }
            return feed;
        });
    }

    private static TlsConfig tls(final Path directory) throws IOException
    {
        final TestCertificates made = TestCertificates.get();
        return TlsConfig.builder()
            .certificate(Files.writeString(directory.resolve("chain.pem"), made.chainPem(TestCertificates.LOCAL)))
            .key(Files.writeString(directory.resolve("key.pem"), made.keyPem(TestCertificates.LOCAL)))
            .build();
    }

    private static SSLSocket socket(final TestBed bed) throws IOException
    {
        final SSLSocket socket = (SSLSocket)TestCertificates.get().client(null).getSocketFactory().createSocket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int)TestBed.TIMEOUT_MS);
        socket.connect(bed.address());
        socket.startHandshake();
        return socket;
    }

    private static Talk deflated(final RawClient client) throws IOException
    {
        if (client.offerDeflate("permessage-deflate") == null)
        {
            throw new AssertionError("it does not compress");
        }
        return webSocket(client);
    }

    static Talk webSocket(final RawClient client)
    {
        return new Talk()
        {
            @Override
            public boolean say(final String text) throws IOException
            {
                client.sendText(text);
                return true;
            }

            @Override
            public String hear(final String expected) throws IOException
            {
                return client.readText();
            }

            @Override
            public void takePing() throws IOException
            {
                client.answerPing();
            }

            @Override
            public void close()
            {
                client.close();
            }
        };
    }

    static Talk ipc(final Path path) throws IOException
    {
        final IpcTalk talk = new IpcTalk(path);
        return new Talk()
        {
            @Override
            public boolean say(final String text) throws IOException
            {
                talk.send(text);
                return true;
            }

            @Override
            public String hear(final String expected) throws IOException
            {
                return talk.read();
            }

            @Override
            public void takePing()
            {
                // There is none.
            }

            @Override
            public void close()
            {
                talk.close();
            }
        };
    }

    /** Each text is a POST on a connection of its own: answers come as they come. */
    private static Talk http(final TestBed bed)
    {
        final List<HttpTalk> pending = new ArrayList<>();
        return new Talk()
        {
            @Override
            public boolean say(final String text) throws IOException
            {
                final HttpTalk talk = HttpTalk.open(bed.address());
                pending.add(talk);
                talk.post("/", "", text);
                return true;
            }

            @Override
            public String hear(final String expected) throws IOException
            {
                while (true)
                {
                    TestBed.await("an answer", () -> pending.stream().anyMatch(ConversationDoor::hasBytes));
                    final HttpTalk first =
                        pending.stream().filter(ConversationDoor::hasBytes).findFirst().orElseThrow();
                    pending.remove(first);
                    final String text = first.read().text();
                    first.close();
                    if (!text.isEmpty())
                    {
                        return text;
                    }
                }
            }

            @Override
            public void takePing()
            {
                // There is none.
            }

            @Override
            public void close()
            {
                pending.forEach(HttpTalk::close);
            }
        };
    }

    private static boolean hasBytes(final HttpTalk talk)
    {
        try
        {
            return talk.hasBytes();
        }
        catch (final IOException e)
        {
            throw new AssertionError(e);
        }
    }

    /** Each text is a stream: answers come as they come. */
    private static Talk http2(final Http2Talk talk)
    {
        final List<Integer> pending = new ArrayList<>();
        return new Talk()
        {
            @Override
            public boolean say(final String text) throws IOException
            {
                pending.add(talk.post("/", text));
                return true;
            }

            @Override
            public String hear(final String expected) throws IOException
            {
                while (true)
                {
                    for (final int stream : pending)
                    {
                        final Http2Talk.Response response = talk.peek(stream);
                        if (response.isEnded())
                        {
                            pending.remove((Integer)stream);
                            if (!response.text().isEmpty())
                            {
                                return response.text();
                            }
                            break;
                        }
                    }
                    if (pending.stream().noneMatch(stream -> talk.peek(stream).isEnded()))
                    {
                        talk.read();
                    }
                }
            }

            @Override
            public void takePing()
            {
                // There is none.
            }

            @Override
            public void close()
            {
                talk.close();
            }
        };
    }
}
