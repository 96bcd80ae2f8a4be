package io.ringcast.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.ReferenceCountUtil;
import io.ringcast.config.UpstreamConfig;
import io.ringcast.transport.poll.FakeChain;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An Ethereum-like node on Netty's own servers, for WebSocket, with TLS or without, or for IPC: grants subscriptions,
 * echoes the params of every other call, and misbehaves on command.
 * Any thread; requests are answered on its one I/O thread.
 */
final class FakeUpstream implements AutoCloseable
{
    /** How it is reached. */
    enum Door
    {
        WS, WSS, WSS_ELSEWHERE, IPC, HTTP, HTTPS
    }

    /** How a message is laid out on the wire. */
    enum Shape
    {
        /** One frame, as geth 1.17.4 and later. */
        ONE_FRAME,
        /** Fragments of 1 KiB and a newline at the end, as earlier geth. */
        FRAGMENTS,
        /** One frame, each byte in a write of its own. */
        BYTE_BY_BYTE
    }

    /** A call that has arrived. */
    record Request(Session session, String text, String id, String method, String params)
    {
        void answer(final String result)
        {
            session.send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
        }

        void fail(final int code, final String message)
        {
            session.send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + code + ",\"message\":\"" +
                message + "\"}}");
        }
    }

    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*(\"[^\"]*\"|[^,}\\s]+)");
    private static final Pattern METHOD = Pattern.compile("\"method\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern PARAMS = Pattern.compile("\"params\"\\s*:\\s*(\\[.*\\])", Pattern.DOTALL);
    private static final Pattern KIND = Pattern.compile("\\[\\s*\"([^\"]+)\"");

    private final List<Session> sessions = new CopyOnWriteArrayList<>();
    private final Map<String, Consumer<Request>> scripts = new ConcurrentHashMap<>();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> acceptTimesNs = new LinkedBlockingQueue<>();
    private final AtomicInteger subscriptionSerial = new AtomicInteger(0xabc000);
    private final AtomicInteger acceptCount = new AtomicInteger();
    private volatile Consumer<Request> otherwise = call -> call.answer(call.params);
    private volatile Consumer<Session> onOpen = session -> { };
    private volatile Shape shape = Shape.ONE_FRAME;
    private volatile HttpHeaders lastHandshake;
    private volatile boolean isRefusing;
    private volatile boolean isHangingUp;
    private volatile boolean isClosingAfterAnswer;
    private final FakeListener door;

    private FakeUpstream(final FakeListener door)
    {
        this.door = door;
        scripts.put("eth_subscribe", this::grant);
        scripts.put("eth_unsubscribe", request -> request.answer("true"));
        door.listen(this::onAccept);
    }

    static FakeUpstream start()
    {
        return start(Door.WS);
    }

    static FakeUpstream start(final Door door)
    {
        return new FakeUpstream(new FakeListener(door, 0, null));
    }

    /** Starts where an earlier one was. */
    static FakeUpstream start(final int port)
    {
        return new FakeUpstream(new FakeListener(Door.WS, port, null));
    }

    /** Starts where this one was, which is closed. */
    FakeUpstream restart()
    {
        return new FakeUpstream(door.again());
    }

    /** Where it listens, or has listened. */
    int port()
    {
        return door.port();
    }

    String url()
    {
        return door.url();
    }

    /** What the relay is told of it. */
    UpstreamConfig config()
    {
        return door.config();
    }

    /** Sets what a method does, in place of the echo. */
    void on(final String method, final Consumer<Request> script)
    {
        scripts.put(method, script);
    }

    /** Answers as the chain says, and knows no subscriptions. */
    void serve(final FakeChain chain)
    {
        for (final String method : List.of(
            "eth_blockNumber", "eth_getBlockByNumber", "eth_getBlockByHash", "eth_getLogs",
            "eth_newPendingTransactionFilter", "eth_getFilterChanges", "eth_uninstallFilter"))
        {
            on(method, call ->
            {
                final String result = chain.answer(method, call.params);
                if (result == null)
                {
                    call.fail(-32000, "filter not found");
                }
                else
                {
                    call.answer(result);
                }
            });
        }
        on("eth_subscribe", call ->
            call.fail(-32601, "the method eth_subscribe does not exist/is not available"));
    }

    /** Sets what happens right behind the handshake. */
    void onOpen(final Consumer<Session> script)
    {
        onOpen = script;
    }

    void shape(final Shape newShape)
    {
        shape = newShape;
    }

    /** Answers handshakes with 403 from now on. */
    void refuseHandshakes(final boolean isOn)
    {
        isRefusing = isOn;
    }

    /** Hangs up right behind the handshake from now on. */
    void hangUp(final boolean isOn)
    {
        isHangingUp = isOn;
    }

    /** The headers of the handshake that came last. */
    HttpHeaders lastHandshake()
    {
        return lastHandshake;
    }

    /** Answers each POST with the end of its connection from now on. */
    void closeAfterAnswer(final boolean isOn)
    {
        isClosingAfterAnswer = isOn;
    }

    /** How many connections have come, refused ones too. */
    int acceptCount()
    {
        return acceptCount.get();
    }

    /** When the next connection that was not yet asked for came. */
    long nextAcceptTimeNs() throws InterruptedException
    {
        final Long timeNs = acceptTimesNs.poll(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS);
        if (timeNs == null)
        {
            throw new AssertionError("nobody connects");
        }
        return timeNs;
    }

    List<Session> sessions()
    {
        return sessions;
    }

    /** The connection that the relay has now. */
    Session session()
    {
        TestBed.await("an upstream connection", () -> !sessions.isEmpty());
        return sessions.get(sessions.size() - 1);
    }

    /** Whether the relay's connection has a subscription of a kind. */
    boolean hasSubscriber(final String kind)
    {
        return session().subscriptions.containsValue(kind);
    }

    /** Answers nothing by itself from now on: the test speaks for it. */
    void hush()
    {
        scripts.clear();
        otherwise = call -> { };
    }

    /** Takes the next text, whatever it is. */
    Request awaitAny() throws InterruptedException
    {
        final Request request = requests.poll(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS);
        if (request == null)
        {
            throw new AssertionError("nothing comes");
        }
        return request;
    }

    /** Takes the next call of a method; calls of other methods before it are forgotten. */
    Request awaitCall(final String method) throws InterruptedException
    {
        while (true)
        {
            final Request request = requests.poll(TestBed.TIMEOUT_MS, TimeUnit.MILLISECONDS);
            if (request == null)
            {
                throw new AssertionError("no call of " + method);
            }
            if (request.method.equals(method))
            {
                return request;
            }
        }
    }

    /** Sends an item to every subscription of a kind. */
    void publish(final String kind, final String item)
    {
        sessions.forEach(session -> session.publish(kind, item));
    }

    /** Grants a subscription as a node does. */
    void grant(final Request request)
    {
        final String subscriptionId = nextSubscriptionId();
        // Known before the answer leaves: whoever has the answer may publish.
        request.session.subscriptions.put(subscriptionId, kind(request));
        request.answer('"' + subscriptionId + '"');
    }

    String nextSubscriptionId()
    {
        return "0x" + Integer.toHexString(subscriptionSerial.incrementAndGet());
    }

    static String kind(final Request request)
    {
        final Matcher kind = KIND.matcher(request.params);
        return kind.find() ? kind.group(1) : "";
    }

    static String item(final String subscriptionId, final String item)
    {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"subscription\":\"" +
            subscriptionId + "\",\"result\":" + item + "}}";
    }

    /** Stops listening and hangs up on everybody. */
    @Override
    public void close()
    {
        door.stopListening();
        sessions.forEach(session -> session.close().awaitUninterruptibly());
        door.close();
    }

    private void onAccept(final Channel channel)
    {
        acceptCount.incrementAndGet();
        acceptTimesNs.add(System.nanoTime());
        door.addCodecs(channel, new HandshakeNote());
        channel.pipeline().addLast(new Session());
    }

    private static String group(final Pattern pattern, final String text, final String missing)
    {
        final Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : missing;
    }

    /** Notes the handshake's headers, and refuses it on command. */
    private final class HandshakeNote extends ChannelInboundHandlerAdapter
    {
        @Override
        public void channelRead(final ChannelHandlerContext context, final Object message)
        {
            if (message instanceof FullHttpRequest request)
            {
                lastHandshake = request.headers().copy();
            }
            if (isRefusing)
            {
                ReferenceCountUtil.release(message);
                context.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.FORBIDDEN))
                    .addListener(ChannelFutureListener.CLOSE);
                return;
            }
            context.fireChannelRead(message);
        }
    }

    /** One connection of the relay. Any thread, except that frames come in on the I/O thread. */
    final class Session extends FakeSession
    {
        private final Map<String, String> subscriptions = new ConcurrentHashMap<>();

        Session()
        {
            super(door);
        }

        @Override
        public void handlerAdded(final ChannelHandlerContext context)
        {
            super.handlerAdded(context);
            if (door.isIpc() || door.isHttp())
            {
                onConnected();
            }
        }

        private void onConnected()
        {
            if (isHangingUp)
            {
                close();
                return;
            }
            sessions.add(this);
            onOpen.accept(this);
        }

        @Override
        public void userEventTriggered(final ChannelHandlerContext context, final Object event)
        {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete)
            {
                onConnected();
            }
        }

        @Override
        public void channelInactive(final ChannelHandlerContext context)
        {
            sessions.remove(this);
        }

        @Override
        public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause)
        {
            context.close();
        }

        @Override
        protected void channelRead0(final ChannelHandlerContext context, final Object message)
        {
            final String text = message instanceof TextWebSocketFrame frame ? frame.text() :
                message instanceof FullHttpRequest post ? post.content().toString(StandardCharsets.UTF_8) :
                ((ByteBuf)message).toString(StandardCharsets.UTF_8);
            final Request request = new Request(
                this, text, group(ID, text, "null"), group(METHOD, text, ""), group(PARAMS, text, "[]"));
            requests.add(request);
            scripts.getOrDefault(request.method, otherwise).accept(request);
        }

        @Override
        Shape shape()
        {
            return shape;
        }

        @Override
        boolean isClosingAfterAnswer()
        {
            return isClosingAfterAnswer;
        }

        void publish(final String kind, final String item)
        {
            subscriptions.forEach((id, subscribed) ->
            {
                if (subscribed.equals(kind))
                {
                    send(item(id, item));
                }
            });
        }

        /** Begins to tell an item of the one subscription of a kind. */
        TextInHalves publishHalf(final String kind, final String item)
        {
            final String id = subscriptions.entrySet().stream().filter(entry -> entry.getValue().equals(kind))
                .findFirst().orElseThrow().getKey();
            return sendHalf(item(id, item));
        }

        /** Takes a subscription into the fan-out that a script has granted by itself. */
        void addSubscription(final String subscriptionId, final String kind)
        {
            subscriptions.put(subscriptionId, kind);
        }
    }
}
