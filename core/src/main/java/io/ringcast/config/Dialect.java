package io.ringcast.config;

import io.ringcast.session.DeliveryOptions;
import io.ringcast.session.ItemEnvelope;
import io.ringcast.session.LagPolicy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the nodes of a network, and so its clients, speak of subscriptions.
 * Immutable.
 *
 * <p>In the texts {@code $method} stands for the notification's method, {@code $id} for the subscription id as JSON and
 * {@code $item} for the item, {@code $tip} for how far the chain is. The relay reads notifications by their members, in
 * whatever order.
 *
 * @param name      what the configuration calls it.
 * @param methods   the methods that make subscriptions.
 * @param ids       what the ids look like that clients get.
 * @param item      the text that brings an item.
 * @param error     the text that ends a subscription with an error, with {@code $item} for the error; null if the
 *                  dialect has none.
 * @param granted   the result of a subscribe.
 * @param ended     the result of an unsubscribe.
 * @param unknown   the member {@code result} or {@code error} that answers the unsubscribe of an unknown id; null if
 *                  nothing answers it.
 * @param options   what subscribers get unless they or the configuration say otherwise.
 * @param malformed the error for a text that is no call, which a call without an id is then, too; null: as geth's.
 * @param errorEnd  what stands at the end of an error's object, behind its message.
 * @param sharesIds whether a node gives what it takes for equal subscriptions the same id.
 * @param broadcast the methods that go to all upstreams at once, unless the configuration says otherwise.
 * @param reads     the beginnings of the names of methods that change nothing, so that another upstream may be asked.
 * @param unshared  methods whose subscriptions belong to one client at one node; they are refused.
 */
public record Dialect(
    String name,
    List<SubscriptionMethod> methods,
    SubscriptionIdForm ids,
    String item,
    String error,
    String granted,
    String ended,
    String unknown,
    DeliveryOptions options,
    FormatError malformed,
    String errorEnd,
    boolean sharesIds,
    List<String> broadcast,
    List<String> reads,
    List<String> unshared)
{
    /** {@code eth_subscribe}, as of geth. */
    public static final Dialect ETHEREUM = new Dialect(
        "ethereum", List.of(SubscriptionMethod.ETH), SubscriptionIdForm.HEX,
        ItemEnvelope.GETHS, null,
        "$id", "true", "\"error\":{\"code\":-32000,\"message\":\"subscription not found\"}",
        DeliveryOptions.PLAIN, null, "", false, NetworkConfig.DEFAULT_BROADCAST, List.of(), List.of());

    /** {@code accountSubscribe} and its kin, as of Solana's validators. */
    public static final Dialect SOLANA = new Dialect(
        "solana", SolanaMethods.ALL, SubscriptionIdForm.NUMBER,
        "{\"jsonrpc\":\"2.0\",\"method\":\"$method\",\"params\":{\"result\":$item,\"subscription\":$id}}", null,
        "$id", "true", "\"error\":{\"code\":-32602,\"message\":\"Invalid subscription id.\"}",
        DeliveryOptions.PLAIN, null, "", true,
        List.of("sendTransaction"), List.of("get", "is", "minimumLedgerSlot", "simulateTransaction"), List.of());

    /** {@code chain_subscribeNewHeads} and its kin, as jsonrpsee serves them in nodes of Substrate. */
    public static final Dialect SUBSTRATE = new Dialect(
        "substrate", SubstrateMethods.ALL, SubscriptionIdForm.TEXT,
        ItemEnvelope.GETHS,
        "{\"jsonrpc\":\"2.0\",\"method\":\"$method\",\"params\":{\"subscription\":$id,\"error\":$item}}",
        "$id", "true", "\"result\":false",
        DeliveryOptions.PLAIN, null, "", false, List.of("author_submitExtrinsic"),
        List.of("archive_v1_", "author_has", "author_pending", "beefy_get", "chain_get", "childstate_get",
            "grandpa_roundState", "payment_query", "rpc_methods", "state_call", "state_get", "state_query", "system_"),
        SubstrateMethods.UNSHARED);

    /** {@code subscribe_to_transactions} and {@code subscribe_to_events}, as of Diem's streaming RPC. */
    public static final Dialect DIEM = new Dialect(
        "diem", DiemMethods.ALL, SubscriptionIdForm.REQUEST,
        "{\"jsonrpc\":\"2.0\",\"id\":$id,\"result\":$item}", null,
        "{\"status\":\"OK\",\"transaction_version\":$tip}", "{\"unsubscribe\":\"OK\"}", null,
        DeliveryOptions.lagging(LagPolicy.SPILL), new FormatError(-32604, "Invalid request format"), ",\"data\":null",
        false, List.of("submit"), List.of("get_"), List.of());

    private static final List<Dialect> ALL = List.of(ETHEREUM, SOLANA, SUBSTRATE, DIEM);

    public Dialect
    {
        methods = List.copyOf(methods);
        broadcast = List.copyOf(broadcast);
        reads = List.copyOf(reads);
        unshared = List.copyOf(unshared);
    }

    /**
     * Finds a dialect.
     *
     * @param name what it is called.
     * @return the dialect.
     * @throws ConfigException if there is none of that name.
     */
    public static Dialect parse(final String name)
    {
        return ALL.stream().filter(dialect -> dialect.name.equals(name)).findFirst().orElseThrow(() ->
            new ConfigException("dialect", name, "not a dialect",
                ALL.stream().map(Dialect::name).collect(Collectors.joining(", "))));
    }

    /** All that there are. */
    public static Stream<Dialect> all()
    {
        return ALL.stream();
    }

    /** Whether its heads and logs mean something to the relay. */
    public boolean isEthereum()
    {
        return this == ETHEREUM;
    }

    /** Whether a subscription may come to an end that no client has asked for. */
    public boolean endsSubscriptions()
    {
        return error != null || methods.stream().anyMatch(method -> method.items().last() != null);
    }

    @Override
    public String toString()
    {
        return name;
    }
}
