package io.ringcast.config;

import java.util.List;

/**
 * The methods that make subscriptions at a node of Substrate, older names included.
 * Immutable.
 *
 * <p>Heads, runtime version and storage begin with how things stand. To submit and watch an extrinsic is to send it: a
 * client whose node goes meanwhile is told so, and the relay does not send it again.
 */
final class SubstrateMethods
{
    static final List<SubscriptionMethod> ALL = List.of(
        of("chain_", "NewHeads", "chain_newHead", ItemTraits.WHOLE),
        of("chain_", "NewHead", "chain_newHead", ItemTraits.WHOLE),
        new SubscriptionMethod("subscribe_newHead", "unsubscribe_newHead", "chain_newHead", ItemTraits.WHOLE),
        of("chain_", "AllHeads", "chain_allHead", ItemTraits.WHOLE),
        of("chain_", "FinalizedHeads", "chain_finalizedHead", ItemTraits.WHOLE),
        of("chain_", "FinalisedHeads", "chain_finalizedHead", ItemTraits.WHOLE),
        of("chain_", "RuntimeVersion", "state_runtimeVersion", ItemTraits.WHOLE),
        of("state_", "RuntimeVersion", "state_runtimeVersion", ItemTraits.WHOLE),
        of("state_", "Storage", "state_storage", new ItemTraits(null, null, true, true, false, null)),
        of("grandpa_", "Justifications", "grandpa_justifications", ItemTraits.NONE),
        of("beefy_", "Justifications", "beefy_justifications", ItemTraits.NONE),
        new SubscriptionMethod("author_submitAndWatchExtrinsic", "author_unwatchExtrinsic", "author_extrinsicUpdate",
            new ItemTraits(null, new LastItem(null, List.of("\"future\"", "\"ready\"", "\"broadcast\"", "\"inBlock\"",
                "\"retracted\"")), true, false, true, null)));

    /** What belongs to one client at one node: its answers are arguments of further calls. */
    static final List<String> UNSHARED = List.of(
        "chainHead_v1_follow", "chainHead_unstable_follow", "transactionWatch_v1_submitAndWatch",
        "transactionWatch_unstable_submitAndWatch", "archive_v1_storage", "archive_v1_storageDiff");

    private SubstrateMethods()
    {
    }

    private static SubscriptionMethod of(
        final String namespace, final String what, final String notification, final ItemTraits items)
    {
        return new SubscriptionMethod(
            namespace + "subscribe" + what, namespace + "unsubscribe" + what, notification, items);
    }
}
