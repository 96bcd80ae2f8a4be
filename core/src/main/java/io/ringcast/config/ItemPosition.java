package io.ringcast.config;

/**
 * Where a method's items are counted through, so that a subscription can begin with any of them.
 * Immutable.
 *
 * @param param  the parameter that names the first item wanted.
 * @param member the member of an item that is its place; each item's is one more than that of the item before it.
 * @param tip    the member of an item, and of the answer to a subscribe, that tells how far the chain is.
 */
public record ItemPosition(String param, String member, String tip)
{
}
