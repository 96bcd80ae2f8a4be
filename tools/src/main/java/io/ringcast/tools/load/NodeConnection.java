package io.ringcast.tools.load;

import com.dslplatform.json.DslJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A connection that the subject under test made to the stamping node.
 * Confined to the node's loop.
 */
final class NodeConnection extends ChannelInboundHandlerAdapter implements FrameScanner.Listener
{
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final byte[] ID = bytes("\"id\":");
    private static final byte[] BALANCE_METHOD = bytes("\"method\":\"eth_getBalance\"");
    private static final byte[] ANSWER_START = bytes("{\"jsonrpc\":\"2.0\",\"id\":");
    private static final byte[] BALANCE_END = bytes(",\"result\":\"0x2386f26fc10000\"}");
    private static final Map<String, String> RESULTS = Map.of(
        "eth_chainId", "\"0x1\"", "net_version", "\"1\"", "web3_clientVersion", "\"ringcast-load/1\"",
        "eth_blockNumber", "\"0x10000000\"", "eth_syncing", "false", "eth_getLogs", "[]",
        "eth_gasPrice", "\"0x3b9aca00\"");

    private final StampingNode node;
    private final DslJson<Object> json = new DslJson<>();
    private final HttpHead head = new HttpHead();
    private Channel channel;
    private FrameScanner scanner;
    private boolean isOpen;
    private boolean isUnflushed;

    NodeConnection(final StampingNode node)
    {
        this.node = node;
    }

    Channel channel()
    {
        return channel;
    }

    @Override
    public void channelActive(final ChannelHandlerContext ctx)
    {
        channel = ctx.channel();
        scanner = new FrameScanner(ctx.alloc(), this);
    }

    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object message)
    {
        final ByteBuf bytes = (ByteBuf)message;
        if (isOpen)
        {
            scanner.read(bytes);
        }
        else if (head.read(bytes))
        {
            isOpen = true;
            ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), "HTTP/1.1 101 Switching Protocols\r\n" +
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
                accept(head.field("sec-websocket-key")) + "\r\n\r\n"));
            node.onConnected();
            scanner.read(bytes);
        }
        else
        {
            bytes.release();
        }
    }

    private static String accept(final String key)
    {
        try
        {
            final byte[] digest = MessageDigest.getInstance("SHA-1").digest(bytes(key + GUID));
            return Base64.getEncoder().encodeToString(digest);
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    @Override
    public void channelReadComplete(final ChannelHandlerContext ctx)
    {
        if (isUnflushed)
        {
            isUnflushed = false;
            ctx.flush();
        }
    }

    @Override
    public void onMessage(final ByteBuf bytes, final int index, final int lengthBytes)
    {
        final int end = index + lengthBytes;
        if (Bytes.indexOf(bytes, index, end, BALANCE_METHOD) >= 0)
        {
            answerBalance(bytes, index, end);
        }
        else
        {
            final byte[] text = new byte[lengthBytes];
            bytes.getBytes(index, text);
            answer(text);
        }
    }

    /** The way of most calls under load: the id is copied and the rest is fixed. */
    private void answerBalance(final ByteBuf bytes, final int index, final int end)
    {
        final int idStart = Bytes.indexOf(bytes, index, end, ID) + ID.length;
        final int idEnd = Bytes.endOfScalar(bytes, idStart, end);
        final int idLength = idEnd - idStart;
        final int length = ANSWER_START.length + idLength + BALANCE_END.length;
        final ByteBuf frame = channel.alloc().buffer(length + 10);
        FrameScanner.writeHead(frame, FrameScanner.TEXT, length, false);
        frame.writeBytes(ANSWER_START).writeBytes(bytes, idStart, idLength).writeBytes(BALANCE_END);
        write(frame);
    }

    private void answer(final byte[] text)
    {
        final Map<?, ?> call;
        try
        {
            call = json.deserialize(Map.class, new ByteArrayInputStream(text));
        }
        catch (final IOException ex)
        {
            return;
        }
        if (call == null || !call.containsKey("id") || !(call.get("method") instanceof String method))
        {
            return;
        }
        final List<?> params = call.get("params") instanceof List<?> list ? list : List.of();
        final Object id = call.get("id");
        final String answer = "{\"jsonrpc\":\"2.0\",\"id\":" + (id instanceof String ? "\"" + id + "\"" : id) + "," +
            outcome(method, params) + "}";
        final ByteBuf frame = channel.alloc().buffer(answer.length() + 10);
        final byte[] payload = bytes(answer);
        FrameScanner.writeHead(frame, FrameScanner.TEXT, payload.length, false);
        write(frame.writeBytes(payload));
    }

    private String outcome(final String method, final List<?> params)
    {
        if ("eth_subscribe".equals(method))
        {
            final String id = node.subscribe(this, params);
            return id == null ? "\"error\":{\"code\":-32601,\"message\":\"no such subscription\"}" :
                "\"result\":\"" + id + "\"";
        }
        if ("eth_unsubscribe".equals(method))
        {
            return "\"result\":" + node.unsubscribe(this, params.isEmpty() ? null : params.get(0));
        }
        return "\"result\":" + RESULTS.getOrDefault(method, "null");
    }

    /** Takes ownership. */
    private void write(final ByteBuf frame)
    {
        channel.write(frame, channel.voidPromise());
        isUnflushed = true;
    }

    @Override
    public void onControl(final int opcode, final ByteBuf bytes, final int index, final int lengthBytes)
    {
        if (opcode == FrameScanner.CLOSE)
        {
            channel.close();
        }
        else if (opcode == FrameScanner.PING)
        {
            final ByteBuf pong = channel.alloc().buffer(lengthBytes + 2);
            FrameScanner.writeHead(pong, FrameScanner.PONG, lengthBytes, false);
            write(pong.writeBytes(bytes, index, lengthBytes));
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ctx)
    {
        scanner.close();
        node.onGone(this);
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause)
    {
        ctx.close();
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
