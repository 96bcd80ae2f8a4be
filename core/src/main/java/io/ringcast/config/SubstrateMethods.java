package io.ringcast.config;

import java.util.List;

/**
 * The methods that make subscriptions at a node of Substrate, older names included.
 * Immutable.
 *
 * <p>Heads, runtime version and storage begin with how things stand. To submit and watch an extrinsic is to send it: a
 * client whose node goes meanwhile is told so, and the relay does not send it again. What an archive is asked for comes
 * once, and to who asked.
 */
final class SubstrateMethods
{
    /** The member that says what an item of the newer methods tells. */
    private static final String EVENT = "event";

    static final List<SubscriptionMethod> ALL = List.of(
        of("chain_", "NewHeads", "chain_newHead", ItemTraits.WHOLE),
        of("chain_", "NewHead", "chain_newHead", ItemTraits.WHOLE),
        new SubscriptionMethod("subscribe_newHead", "unsubscribe_newHead", "chain_newHead", ItemTraits.WHOLE),
        of("chain_", "AllHeads", "chain_allHead", ItemTraits.WHOLE),
        of("chain_", "FinalizedHeads", "chain_finalizedHead", ItemTraits.WHOLE),
        of("chain_", "FinalisedHeads", "chain_finalizedHead", ItemTraits.WHOLE),
        of("chain_", "RuntimeVersion", "state_runtimeVersion", ItemTraits.WHOLE),
        of("state_", "RuntimeVersion", "state_runtimeVersion", ItemTraits.WHOLE),
        of("state_", "Storage", "state_storage", new ItemTraits(
            null, null, true, ItemTraits.Sharing.EQUAL_OF_ONE, false, null)),
        of("grandpa_", "Justifications", "grandpa_justifications", ItemTraits.NONE),
        of("beefy_", "Justifications", "beefy_justifications", ItemTraits.NONE),
        new SubscriptionMethod("author_submitAndWatchExtrinsic", "author_unwatchExtrinsic", "author_extrinsicUpdate",
            sent(new LastItem(null, List.of("\"future\"", "\"ready\"", "\"broadcast\"", "\"inBlock\"",
                "\"retracted\"")))),
        new SubscriptionMethod("transactionWatch_v1_submitAndWatch", "transactionWatch_v1_unwatch",
            "transactionWatch_v1_watchEvent",
            sent(new LastItem(EVENT, List.of("\"validated\"", "\"broadcasted\"", "\"bestChainBlockIncluded\"")))),
        new SubscriptionMethod("archive_v1_storage", "archive_v1_stopStorage", "archive_v1_storageEvent",
            listed("\"storage\"")),
        new SubscriptionMethod("archive_v1_storageDiff", "archive_v1_storageDiff_stopStorageDiff",
            "archive_v1_storageDiffEvent", listed("\"storageDiff\"")),
        SubscriptionMethod.RELAY);

    /** What belongs to one client at one node: its ids are arguments of further calls. */
    static final List<String> UNSHARED = List.of(
        "chainHead_v1_follow", "chainHead_unstable_follow", "transactionWatch_unstable_submitAndWatch",
        "archive_unstable_storage", "archive_unstable_storageDiff");

    private SubstrateMethods()
    {
    }

    /** A transaction is sent, and told of as it goes on. */
    private static ItemTraits sent(final LastItem last)
    {
        return new ItemTraits(null, last, true, ItemTraits.Sharing.EQUAL, true, null);
    }

    /** What was asked for comes in several items, and a last one. */
    private static ItemTraits listed(final String event)
    {
        return new ItemTraits(
            null, new LastItem(EVENT, List.of(event)), false, ItemTraits.Sharing.NONE, true, null);
    }

    private static SubscriptionMethod of(
        final String namespace, final String what, final String notification, final ItemTraits items)
    {
        return new SubscriptionMethod(
            namespace + "subscribe" + what, namespace + "unsubscribe" + what, notification, items);
    }
}
