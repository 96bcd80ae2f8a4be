package io.ringcast.transport.door;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.ringcast.frame.FrameKind;
import io.ringcast.frame.ReceivedFrame;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.EventKind;
import io.ringcast.pipeline.ReadGate;
import io.ringcast.transport.loop.NetworkLoop;
import io.ringcast.transport.loop.NetworkRelay;

/**
 * The JSON-RPC of one HTTP connection: collects the body of a POST, asks the ring, and knows who owes the answer.
 * Confined to the I/O loop that owns the socket.
 */
final class HttpCalls
{
    /** What came of offering a call to the ring. */
    enum Asked
    {
        /** There is no space. */
        LATER,
        /** An answer comes. */
        OWED,
        /** Nothing is answered. */
        NOTHING_OWED
    }

    private static final String DOOR = "http";

    private final HttpDoor door;
    private final HttpConnection connection;
    private final BudgetShare unfinished;
    /** By the index of the network; each from the first call to it on. */
    private final HttpOutlet[] outlets;
    private HttpOutlet asked;
    private ReceivedFrame body;

    HttpCalls(final HttpDoor door, final HttpConnection connection)
    {
        this.door = door;
        this.connection = connection;
        unfinished = new BudgetShare(door.unfinishedBudget());
        outlets = new HttpOutlet[door.networks().size()];
    }

    /** Begins to collect a body; false if the ring has yet to hear of so many others that it must not. */
    boolean tryBegin(final NetworkRelay network, final Channel channel)
    {
        if (outlets[door.networks().indexOf(network)] == null && door.loop(network).tryRefuse())
        {
            return false;
        }
        asked = outlet(network, channel);
        body = asked.loop().publisher().takeFrame();
        return true;
    }

    /** True from the beginning of a body until the ring has it. */
    boolean hasBody()
    {
        return body != null;
    }

    /** True if this is where the answer that is waited for comes from. */
    boolean isAsked(final HttpOutlet outlet)
    {
        return body == null && outlet == asked;
    }

    /** Takes a piece of the body; says why if it is one too many, or null. */
    HttpFault add(final ByteBuf bytes)
    {
        final int addedBytes = bytes.readableBytes();
        final long maxBytes = door.config().limits().messageBytes();
        if (addedBytes > maxBytes - body.length)
        {
            return HttpFault.tooLarge(maxBytes);
        }
        body.ensureWritable(addedBytes);
        bytes.readBytes(body.bytes, body.length, addedBytes);
        body.length += addedBytes;
        if (!unfinished.change(body.bytes.length))
        {
            asked.loop().counters().increment(RelayCounter.CLOSED_OVERLOAD);
            return HttpFault.OVERLOAD;
        }
        return null;
    }

    /** The body is whole. */
    void end()
    {
        asked.loop().publisher().decode(body);
    }

    /**
     * Offers the body to the ring.
     *
     * @param admission what its client may do.
     * @param gate      told when there may be space, if there is none now.
     * @return what came of it.
     */
    Asked tryAsk(final Admission admission, final ReadGate gate)
    {
        final NetworkLoop loop = asked.loop();
        final FrameKind kind = body.view.kind;
        if (loop.publisher().isHeld() || loop.isBehind() ||
            !loop.publisher().tryPublishClientFrame(
                asked.connectionId(), admission.key().rights(), null, body, System.nanoTime()))
        {
            loop.publisher().awaitSpace(gate);
            return Asked.LATER;
        }
        body = null;
        unfinished.giveBack();
        return kind == FrameKind.NOTIFICATION || kind == FrameKind.RESPONSE ? Asked.NOTHING_OWED : Asked.OWED;
    }

    /** Gives up a body that the ring does not have yet. */
    void dropBody()
    {
        if (body != null)
        {
            asked.loop().publisher().forget(connection);
            asked.loop().publisher().giveFrame(body);
            body = null;
        }
        unfinished.giveBack();
    }

    /** The connection takes no part any more. */
    void close()
    {
        dropBody();
        for (final HttpOutlet outlet : outlets)
        {
            if (outlet != null)
            {
                final NetworkLoop loop = outlet.loop();
                loop.egress().removeConnection(outlet);
                loop.counters().increment(RelayCounter.CONNECTIONS_CLOSED);
                ConnectionLog.closed(loop, outlet.connectionId(), DOOR);
                loop.publishSurely(EventKind.CLIENT_CLOSED, outlet.connectionId(), 0);
            }
        }
    }

    private HttpOutlet outlet(final NetworkRelay network, final Channel channel)
    {
        final int index = door.networks().indexOf(network);
        if (outlets[index] == null)
        {
            final NetworkLoop loop = door.loop(network);
            outlets[index] = new HttpOutlet(network, loop, connection);
            loop.egress().addConnection(outlets[index]);
            loop.counters().increment(RelayCounter.CONNECTIONS_OPENED);
            ConnectionLog.opened(loop, outlets[index].connectionId(), DOOR, channel);
        }
        return outlets[index];
    }
}
