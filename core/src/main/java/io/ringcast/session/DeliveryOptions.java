package io.ringcast.session;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * How a subscriber wants its items: what was asked for beyond plain {@code eth_subscribe}.
 * Immutable. A component that is null was not asked for.
 *
 * <p>They come from three places, the strongest first: the {@code {"relay":{…}}} behind the params of the subscribe,
 * the query of the connection's URL, the configuration of the network. {@link #over} puts one over the other, option by
 * option. {@link #contentJson} is what of them changes the bytes of an item; it is part of the subscription id. The
 * others ({@code lag}, {@code resume} and so on) are the subscriber's own: it shares topic and frames with those that
 * have other values.
 *
 * @param stamps      sequence, cursor and times beside each item.
 * @param lag         how far it may fall behind.
 * @param everyMs     at most one item of each key in so many milliseconds.
 * @param resume      the item to go on behind.
 * @param onGap       {@code error}, {@code live} or {@code backfill}: what to do if that item is no longer kept.
 * @param blockOrder  whole blocks in a fixed order, with marks.
 * @param emptyBlocks a mark for blocks without an item for it.
 * @param fields      the members of each item that are wanted, or the one name of a preset with {@code @} before it.
 * @param any         logs filters, each as JSON; a log comes if one of them matches.
 * @param history     whether {@code fromBlock} is honoured.
 * @param fromBlock   the block to begin with where the params name none, as they would.
 */
public record DeliveryOptions(
    Boolean stamps,
    LagOptions lag,
    Integer everyMs,
    ResumePosition resume,
    String onGap,
    Boolean blockOrder,
    Boolean emptyBlocks,
    List<String> fields,
    List<String> any,
    Boolean history,
    String fromBlock)
{
    /** The names that stand for a list of members. */
    public static final Set<String> FIELD_PRESETS = Set.of("ethers", "minimal");
    /** Nothing was asked for: geth's bytes. */
    public static final DeliveryOptions PLAIN =
        new DeliveryOptions(null, null, null, null, null, null, null, null, null, null, null);

    public DeliveryOptions
    {
        fields = fields == null ? null : List.copyOf(fields);
        any = any == null ? null : List.copyOf(any);
    }

    /**
     * Options that only say what happens to who is slow.
     *
     * @param policy what happens.
     * @return the options.
     */
    public static DeliveryOptions lagging(final LagPolicy policy)
    {
        return new DeliveryOptions(
            null, new LagOptions(policy, 0, 0, 0, List.of()), null, null, null, null, null, null, null, null, null);
    }

    /**
     * Whether each item has sequence, cursor and times beside it.
     *
     * @return false if not asked for.
     */
    public boolean isStamped()
    {
        return Boolean.TRUE.equals(stamps);
    }

    /**
     * Whether blocks come whole and marked.
     *
     * @return false if not asked for.
     */
    public boolean isBlockOrdered()
    {
        return Boolean.TRUE.equals(blockOrder);
    }

    /**
     * Whether blocks without an item are marked.
     *
     * @return false if not asked for.
     */
    public boolean marksEmptyBlocks()
    {
        return Boolean.TRUE.equals(emptyBlocks);
    }

    /**
     * Whether {@code fromBlock} is honoured.
     *
     * @return false if not asked for.
     */
    public boolean wantsHistory()
    {
        return history == null ? fromBlock != null : history;
    }

    /**
     * Whether a position that is no longer kept is passed over.
     *
     * @return true if the subscription then begins with what is published; false, which also holds if nothing was said,
     *     if it is refused.
     */
    public boolean takesGap()
    {
        return "live".equals(onGap);
    }

    /**
     * Whether what was missed, and is no longer kept, is to be read from an upstream.
     *
     * @return false if not asked for.
     */
    public boolean fillsGap()
    {
        return "backfill".equals(onGap);
    }

    /**
     * Tells whether what is no longer kept when it is slow is to be read on for it from the upstreams.
     *
     * @return false if not asked for.
     */
    public boolean readsOn()
    {
        return fillsGap() && lag != null && lag.policy() == LagPolicy.SPILL;
    }

    /**
     * Tells whether it matters, as soon as the subscriber begins to lag, where it stands.
     *
     * @return true if it is to be read on for, to be told what the chain has left of what it had, or to be closed
     *     beyond a bound.
     */
    public boolean tellsOfLag()
    {
        return readsOn() || lag != null && (lag.policy() == LagPolicy.CONFLATE || lag.closesBeyondBounds());
    }

    /**
     * Gives the same with other members of each item.
     *
     * @param newFields the names, or null for all.
     * @return the options.
     */
    public DeliveryOptions withFields(final List<String> newFields)
    {
        return new DeliveryOptions(
            stamps, lag, everyMs, resume, onGap, blockOrder, emptyBlocks, newFields, any, history, fromBlock);
    }

    /**
     * Gives the same without whole blocks.
     *
     * @return the options.
     */
    public DeliveryOptions withoutOrder()
    {
        return new DeliveryOptions(stamps, lag, everyMs, resume, onGap, null, null, fields, any, history, fromBlock);
    }

    /**
     * Gives the same with another policy for a subscriber that does not keep up.
     *
     * @param newLag the policy.
     * @return the options.
     */
    public DeliveryOptions withLag(final LagOptions newLag)
    {
        return new DeliveryOptions(
            stamps, newLag, everyMs, resume, onGap, blockOrder, emptyBlocks, fields, any, history, fromBlock);
    }

    /**
     * Puts these options over others.
     *
     * @param weaker what holds where these say nothing.
     * @return both together.
     */
    public DeliveryOptions over(final DeliveryOptions weaker)
    {
        if (equals(PLAIN) || weaker.equals(PLAIN))
        {
            return equals(PLAIN) ? weaker : this;
        }
        return new DeliveryOptions(
            first(stamps, weaker.stamps), first(lag, weaker.lag), first(everyMs, weaker.everyMs),
            first(resume, weaker.resume), first(onGap, weaker.onGap), first(blockOrder, weaker.blockOrder),
            first(emptyBlocks, weaker.emptyBlocks), first(fields, weaker.fields), first(any, weaker.any),
            first(history, weaker.history), first(fromBlock, weaker.fromBlock));
    }

    /**
     * Gives the one spelling of all that was asked for; what was asked not to be is left out.
     *
     * @return a JSON object, {@code {}} for {@link #PLAIN}.
     */
    public String canonicalJson()
    {
        final JsonText json = new JsonText();
        putContent(json);
        if (lag != null)
        {
            json.raw("lag", lag.toJson());
        }
        json.number("everyMs", Objects.requireNonNullElse(everyMs, 0));
        if (resume != null)
        {
            json.raw("resume", resume.toJson());
        }
        json.text("onGap", onGap);
        if (any != null)
        {
            json.raw("any", '[' + String.join(",", any) + ']');
        }
        if (Boolean.TRUE.equals(history))
        {
            json.raw("history", "true");
        }
        json.text("fromBlock", fromBlock);
        return json.end();
    }

    /**
     * Gives all that was said, also what was asked not to be: reading it gives equal options.
     *
     * @return a JSON object.
     */
    public String exactJson()
    {
        final JsonText json = new JsonText();
        putTruth(json, DeliveryOption.STAMPS, stamps);
        if (lag != null)
        {
            json.raw(DeliveryOption.LAG.text(), lag.toJson());
        }
        if (everyMs != null)
        {
            json.raw(DeliveryOption.EVERY_MS.text(), everyMs.toString());
        }
        if (resume != null)
        {
            json.raw(DeliveryOption.RESUME.text(), resume.toJson());
        }
        json.text(DeliveryOption.ON_GAP.text(), onGap);
        if (isBlockOrdered())
        {
            json.text(DeliveryOption.ORDER.text(), "block");
        }
        putTruth(json, DeliveryOption.EMPTY_BLOCKS, emptyBlocks);
        if (fields != null && fields.get(0).startsWith("@"))
        {
            json.text(DeliveryOption.FIELDS.text(), fields.get(0).substring(1));
        }
        else
        {
            json.texts(DeliveryOption.FIELDS.text(), fields == null ? List.of() : fields);
        }
        if (any != null)
        {
            json.raw(DeliveryOption.ANY.text(), '[' + String.join(",", any) + ']');
        }
        putTruth(json, DeliveryOption.HISTORY, history);
        json.text(DeliveryOption.FROM_BLOCK.text(), fromBlock);
        return json.end();
    }

    private static void putTruth(final JsonText json, final DeliveryOption option, final Boolean value)
    {
        if (value != null)
        {
            json.raw(option.text(), value.toString());
        }
    }

    /**
     * Gives what changes the bytes of an item, but for the filters: part of the subscription id.
     *
     * @return a JSON object; empty text if nothing does, so that the id is that of a plain subscription.
     */
    public String contentJson()
    {
        final JsonText json = new JsonText();
        putContent(json);
        final String content = json.end();
        return "{}".equals(content) ? "" : content;
    }

    private void putContent(final JsonText json)
    {
        if (isStamped())
        {
            json.raw("stamps", "true");
        }
        if (isBlockOrdered())
        {
            json.text("order", "block");
        }
        if (marksEmptyBlocks())
        {
            json.raw("emptyBlocks", "true");
        }
        json.texts("fields", fields == null ? List.of() : fields);
    }

    private static <T> T first(final T strong, final T weak)
    {
        return strong != null ? strong : weak;
    }
}
