package io.ringcast.config;

import java.util.List;

/**
 * Tells the item that ends its subscription: what follows none of {@link #others} is nothing.
 * Immutable.
 *
 * @param member the member of the item that says it; null if the item itself does.
 * @param others the values that are not the last, as JSON strings; of a value that is an object its first name counts.
 */
public record LastItem(String member, List<String> others)
{
    public LastItem
    {
        others = List.copyOf(others);
    }
}
