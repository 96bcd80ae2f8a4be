package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;

import java.util.function.Consumer;

/**
 * One HTTP response on its way out, whole or compressed piece by piece.
 * Confined to the I/O loop that owns the socket.
 */
final class HttpAnswer implements AutoCloseable
{
    private static final int PIECE_BYTES = 64 * 1024;

    private final ChannelHandlerContext context;
    private final BudgetShare unsent;
    private Consumer<Boolean> onWritten;
    private GzipBody gzip;
    private long pendingBytes = Long.MAX_VALUE;
    private boolean isScheduled;
    private boolean isClosed;

    HttpAnswer(final ChannelHandlerContext context, final MemoryBudget unsentBudget)
    {
        this.context = context;
        unsent = new BudgetShare(unsentBudget);
    }

    /**
     * Writes a response.
     *
     * @param response     owned by this call.
     * @param isCompressed true to send it with gzip.
     * @param whenWritten  told once, when all of it has left or the socket failed.
     * @return false if all answers together now take too much: the caller closes the connection.
     */
    boolean tryWrite(final FullHttpResponse response, final boolean isCompressed, final Consumer<Boolean> whenWritten)
    {
        onWritten = whenWritten;
        final ByteBuf body = response.content();
        if (!unsent.change(body.readableBytes()))
        {
            response.release();
            return false;
        }
        if (!isCompressed)
        {
            if (response.status().code() != HttpResponseStatus.NO_CONTENT.code())
            {
                response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            }
            writePlain(response);
            return true;
        }
        gzip = new GzipBody(body);
        final HttpResponse head = new DefaultHttpResponse(
            response.protocolVersion(), response.status(), response.headers());
        head.headers()
            .set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP)
            .add(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
        if (body.readableBytes() <= GzipBody.PIECE_BYTES)
        {
            final ByteBuf whole = gzip.next(context.alloc());
            head.headers().set(HttpHeaderNames.CONTENT_LENGTH, whole.readableBytes());
            context.write(head);
            context.write(new DefaultHttpContent(whole));
            end();
            return true;
        }
        head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        context.write(head);
        next();
        return true;
    }

    /** A large body leaves in pieces: what counts as unsent shrinks only by whole ones. */
    private void writePlain(final FullHttpResponse response)
    {
        final ByteBuf body = response.content();
        if (body.readableBytes() <= PIECE_BYTES)
        {
            context.writeAndFlush(response).addListener(future -> written(future.isSuccess()));
            return;
        }
        context.write(new DefaultHttpResponse(response.protocolVersion(), response.status(), response.headers()));
        while (body.readableBytes() > PIECE_BYTES)
        {
            context.write(new DefaultHttpContent(body.readRetainedSlice(PIECE_BYTES)));
        }
        context.writeAndFlush(new DefaultLastHttpContent(body)).addListener(future -> written(future.isSuccess()));
    }

    /** The client has read on: the next piece can follow. */
    void onWritable()
    {
        if (gzip != null && !gzip.isDone() && !isScheduled && context.channel().isWritable())
        {
            next();
        }
    }

    /** Tells whether anything has left since it was asked last. */
    boolean hasMoved()
    {
        final long nowPendingBytes = UnsentBytes.of(context.channel());
        final boolean hasMoved = nowPendingBytes < pendingBytes;
        pendingBytes = nowPendingBytes;
        return hasMoved;
    }

    /** Gives the memory back; harmless twice. */
    @Override
    public void close()
    {
        if (isClosed)
        {
            return;
        }
        isClosed = true;
        unsent.giveBack();
        if (gzip != null)
        {
            gzip.close();
        }
    }

    /** One piece in each task of the loop, so that other sockets come in between. */
    private void next()
    {
        isScheduled = false;
        if (isClosed)
        {
            return;
        }
        final ByteBuf piece = gzip.next(context.alloc());
        if (piece.isReadable())
        {
            context.writeAndFlush(new DefaultHttpContent(piece));
        }
        else
        {
            piece.release();
        }
        if (gzip.isDone())
        {
            end();
        }
        else if (context.channel().isWritable())
        {
            isScheduled = true;
            context.executor().execute(this::next);
        }
    }

    private void end()
    {
        context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(future -> written(future.isSuccess()));
    }

    private void written(final boolean isSuccess)
    {
        if (!isClosed)
        {
            close();
            onWritten.accept(isSuccess);
        }
    }
}
