package io.ringcast.transport;

import io.ringcast.config.TlsConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;

/** A door by which a client of a conversation talks. Confined to the test thread. */
enum ConversationDoor
{
    WEB_SOCKET(true), DEFLATE(true), TLS(true), TLS_DEFLATE(true), IPC(true), HTTP(false), HTTP2(false),
    TLS_HTTP2(false);

    /** How much of what is sent this door compresses: everything. */
    private static final int DEFLATE_MIN_BYTES = 1;

    private final boolean hasSubscriptions;

    ConversationDoor(final boolean hasSubscriptions)
    {
        this.hasSubscriptions = hasSubscriptions;
    }

    /** One client. */
    interface Talk extends AutoCloseable
    {
        void say(String text) throws IOException;

        /** The next text that is not empty. */
        String hear() throws IOException;

        /** Takes the ping of the activation barrier, and answers it; nothing where there is none. */
        void takePing() throws IOException;

        @Override
        void close();
    }

    boolean hasSubscriptions()
    {
        return hasSubscriptions;
    }

    /** Starts a relay with this door, whose upstream says only what the test has it say. */
    TestBed open(final Path directory) throws IOException
    {
        final FakeUpstream upstream = FakeUpstream.start();
        upstream.hush();
        final TlsConfig tls = name().startsWith("TLS") ? tls(directory) : null;
        final TestBed bed = TestBed.start(Mode.USUAL, upstream, config ->
        {
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
            case WEB_SOCKET -> webSocket(RawClient.connect(bed.address()));
            case TLS -> webSocket(RawClient.over(socket(bed)).shakeHands());
            default -> deflated(this == DEFLATE ? RawClient.open(bed.address()) : RawClient.over(socket(bed)));
        };
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
            public void say(final String text) throws IOException
            {
                client.sendText(text);
            }

            @Override
            public String hear() throws IOException
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
            public void say(final String text) throws IOException
            {
                talk.send(text);
            }

            @Override
            public String hear() throws IOException
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
            public void say(final String text) throws IOException
            {
                final HttpTalk talk = HttpTalk.open(bed.address());
                pending.add(talk);
                talk.post("/", "", text);
            }

            @Override
            public String hear() throws IOException
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
            public void say(final String text) throws IOException
            {
                pending.add(talk.post("/", text));
            }

            @Override
            public String hear() throws IOException
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
