package io.ringcast.tools.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reactivex.Flowable;
import io.reactivex.disposables.Disposable;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.methods.response.EthSubscribe;
import org.web3j.protocol.websocket.WebSocketService;
import org.web3j.protocol.websocket.events.LogNotification;
import org.web3j.protocol.websocket.events.NewHeadsNotification;
import org.web3j.protocol.websocket.events.PendingTransactionNotification;

/** web3j, connected; opens the three kinds of subscriptions for both modes. Any thread. */
final class Web3jClient implements Client
{
    @Override
    public JsonNode run(final URI url, final AnvilNode node)
    {
        try (Connection connection = new Connection(url, code ->
        {
        }))
        {
            return new Web3jScenario(connection, node).run();
        }
        catch (final IOException failure)
        {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public Kept keep(final URI url)
    {
        return new KeptSubscriptions(url);
    }

    @Override
    public String toString()
    {
        return "web3j";
    }

    /** One WebSocket of web3j. */
    static final class Connection implements AutoCloseable
    {
        final TappedSocket socket;
        final WebSocketService service;
        final Web3j web3j;

        Connection(final URI url, final IntConsumer onClosed)
        {
            socket = new TappedSocket(url, onClosed);
            service = new WebSocketService(socket, false);
            try
            {
                service.connect();
            }
            catch (final IOException failure)
            {
                throw new UncheckedIOException(failure);
            }
            web3j = Web3j.build(service);
        }

        Flowable<NewHeadsNotification> heads()
        {
            return web3j.newHeadsNotifications();
        }

        /** web3j takes a topic as a text or, for an OR list, as a list of texts. */
        Flowable<LogNotification> logs(final String address, final List<?> topics)
        {
            final Object filter = address == null ?
                Map.of("topics", topics) : Map.of("address", address, "topics", topics);
            return service.subscribe(subscribe("logs", filter), "eth_unsubscribe", LogNotification.class);
        }

        Flowable<PendingTransactionNotification> pending()
        {
            return service.subscribe(
                subscribe("newPendingTransactions"), "eth_unsubscribe", PendingTransactionNotification.class);
        }

        private Request<Object, EthSubscribe> subscribe(final Object... params)
        {
            return new Request<>("eth_subscribe", List.of(params), service, EthSubscribe.class);
        }

        /** Also ends the service's threads. */
        @Override
        public void close()
        {
            web3j.shutdown();
        }
    }

    /** The `keep` mode of the scripts, in this process. */
    private static final class KeptSubscriptions implements Kept
    {
        private final Arrivals<String> lines = new Arrivals<>("line of web3j");
        private final Connection connection;
        private final List<Disposable> subscriptions;
        private final int subscribeCalls;

        private KeptSubscriptions(final URI url)
        {
            connection = new Connection(url, code -> lines.add("closed " + code));
            subscriptions = List.of(
                connection.heads().subscribe(
                    item -> lines.add("head " + Long.decode(item.getParams().getResult().getNumber())), this::onError),
                connection.logs(null, List.of(NotedContract.TOPIC)).subscribe(
                    item -> lines.add("log " + Long.decode(short0x(item.getParams().getResult().getData()))),
                    this::onError),
                connection.pending().subscribe(
                    item -> lines.add("pending " + item.getParams().getResult()), this::onError));
            subscribeCalls = connection.socket.subscribeCalls();
            lines.add("ready");
        }

        @Override
        public Arrivals<String> lines()
        {
            return lines;
        }

        @Override
        public void quit()
        {
            subscriptions.forEach(Disposable::dispose);
            connection.socket.awaitEnded(subscriptions.size());
            lines.add("done " + new ObjectMapper().createObjectNode()
                .put("closed", connection.socket.closed())
                .put("subscribedAgain", connection.socket.subscribeCalls() - subscribeCalls)
                .set("violations", strings(connection.socket.violations())));
        }

        @Override
        public void close()
        {
            connection.close();
        }

        private void onError(final Throwable failure)
        {
            lines.add("error " + failure);
        }

        private static String short0x(final String word)
        {
            return word.replaceFirst("^0x0*(?=.)", "0x");
        }
    }

    static JsonNode strings(final List<String> texts)
    {
        return new ObjectMapper().valueToTree(texts);
    }
}
