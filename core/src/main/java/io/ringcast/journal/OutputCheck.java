package io.ringcast.journal;

import io.netty.buffer.ByteBuf;
import io.ringcast.session.ActionList;
import io.ringcast.session.EgressAction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A check of all that was encoded for one slot, so that a replay can tell whether it sends the same bytes.
 * Confined to its thread.
 */
public final class OutputCheck
{
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer fields = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    /** A view of the chunk seen last: consecutive frames mostly lie in one. */
    private ByteBuf chunk;
    private ByteBuffer view;

    /**
     * Computes the check of a slot.
     *
     * @param actions what encode left in the slot.
     * @return its CRC-32C; 0 if nothing goes out.
     */
    public int of(final ActionList<EgressAction> actions)
    {
        crc.reset();
        for (int i = 0; i < actions.size(); i++)
        {
            add(actions.get(i));
        }
        return (int)crc.getValue();
    }

    private void add(final EgressAction action)
    {
        final EgressFields used = EgressFields.of(action.kind);
        fields.clear();
        fields.putInt(used.code());
        fields.putLong(used.hasConnection() ? action.connectionId : 0);
        fields.putInt(used.hasLane() ? action.laneIndex : 0);
        fields.putInt(used.hasTopic() ? action.topicId : 0);
        fields.putLong(used.hasSequence() ? action.sequence : 0);
        fields.putInt(used.hasBytes() ? action.length : 0);
        crc.update(fields.array(), 0, fields.position());
        if (used.hasBytes())
        {
            if (action.chunk != chunk)
            {
                chunk = action.chunk;
                view = chunk.nioBuffer(0, chunk.capacity());
            }
            view.limit(action.offset + action.length);
            view.position(action.offset);
            crc.update(view);
        }
    }
}
