package io.ringcast.config;

/**
 * What a dialect says of the items that one of its methods brings.
 * Immutable.
 *
 * @param identity the member that tells two items apart where several upstreams bring them; null: all of their bytes.
 * @param last     the item that ends the subscription; null if no item does.
 */
public record ItemTraits(String identity, LastItem last)
{
    /** Items of which nothing is known. */
    public static final ItemTraits NONE = new ItemTraits(null, null);
}
