package io.ringcast.session;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What subscribers of the same thing share: its number, its subscription id and the bytes before each of its items.
 * Immutable.
 *
 * <p>The subscription id is an address of the content (network, kind, canonical parameters, options), so every
 * subscriber of the same thing has the same id and one encoded frame serves them all.
 */
public final class Topic
{

    /** Dense and small, reused after the topic is released: an index into the loops' tables. */
    public final int topicId;
    /** The subscription id as JSON; geth's is {@code "0x} and 32 lower-case hex digits, the first of them not 0. */
    public final String idToken;
    /** What precedes an item: in geth's notification all from {@code "jsonrpc"} to {@code "result":}. */
    public final byte[] itemPrefix;
    /** What follows an item. */
    public final byte[] itemSuffix;
    /** Round an error that ends the subscriptions; null if they can't be told of one. */
    public final byte[] errorPrefix;
    public final byte[] errorSuffix;
    /** True if its items leave as they came: geth's bytes. */
    public final boolean isPlain;
    /** True if each item has its sequence, cursor and times beside it. */
    public final boolean isStamped;
    /** True if whole blocks are told, in a fixed order. */
    public final boolean isBlockOrdered;
    /** True if blocks without an item are marked. */
    public final boolean marksEmptyBlocks;
    /** The members of an item that are wanted, null for all. */
    public final byte[][] fields;

    /**
     * Creates a topic of geth's bytes.
     *
     * @param topicId            its number.
     * @param subscriptionId     the id that its subscribers get, without quotes.
     * @param notificationMethod the method of its notifications, such as {@code eth_subscription}.
     */
    public Topic(final int topicId, final String subscriptionId, final String notificationMethod)
    {
        this(topicId, '"' + subscriptionId + '"', new ItemEnvelope(ItemEnvelope.GETHS, notificationMethod),
            DeliveryOptions.PLAIN);
    }

    /**
     * Creates a topic whose subscribers are not told of errors.
     *
     * @param topicId  its number.
     * @param idToken  the id that its subscribers get, as JSON.
     * @param envelope what stands round an item.
     * @param options  what its subscribers asked for; what of it changes bytes is equal for all of them.
     */
    public Topic(
        final int topicId, final String idToken, final ItemEnvelope envelope, final DeliveryOptions options)
    {
        this(topicId, idToken, envelope, null, options);
    }

    /**
     * Creates a topic.
     *
     * @param topicId  its number.
     * @param idToken  the id that its subscribers get, as JSON.
     * @param envelope what stands round an item.
     * @param errors   what stands round an error; null if there are none.
     * @param options  what its subscribers asked for; what of it changes bytes is equal for all of them.
     */
    public Topic(
        final int topicId, final String idToken, final ItemEnvelope envelope, final ItemEnvelope errors,
        final DeliveryOptions options)
    {
        this.topicId = topicId;
        this.idToken = idToken;
        itemPrefix = envelope.prefix(idToken);
        itemSuffix = envelope.suffix(idToken);
        errorPrefix = errors == null ? null : errors.prefix(idToken);
        errorSuffix = errors == null ? null : errors.suffix(idToken);
        isStamped = options.isStamped();
        isBlockOrdered = options.isBlockOrdered();
        marksEmptyBlocks = options.marksEmptyBlocks();
        fields = options.fields() == null ? null : ascii(options.fields());
        isPlain = options.contentJson().isEmpty() && options.any() == null;
    }

    private static byte[][] ascii(final List<String> names)
    {
        return names.stream().map(name -> name.getBytes(StandardCharsets.US_ASCII)).toArray(byte[][]::new);
    }

    @Override
    public String toString()
    {
        return "topic " + topicId + " " + idToken;
    }
}
