package io.ringcast.tools.sim;

import java.util.List;

/** What one subscription tells. Confined to the node's event loop. */
interface DialectFeed
{
    /** The items that it has not told yet, as JSON; those are then told. */
    List<String> due();

    /** Whether it has told its last item. */
    default boolean isOver()
    {
        return false;
    }
}
