package io.ringcast.correlate;

import io.ringcast.frame.FrameView;
import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.session.ActionList;
import io.ringcast.session.ClientRights;
import io.ringcast.session.ConnectionId;
import io.ringcast.session.CorrelatedAction;
import io.ringcast.session.FilterMethod;
import io.ringcast.session.RelayMethod;
import io.ringcast.session.RpcError;

/**
 * The calls that match answers and no upstream: subscribe and unsubscribe, the relay's own methods, polled filters.
 * Confined to the pipeline thread that runs correlate.
 *
 * <p>With them a client is shown heads, so it is noted here who must not get an answer from behind these.
 */
final class MatchCalls
{
    private final MethodNames methodNames;
    private final Callers callers;
    private final Refusals refusals;
    private final long filterIdleNs;
    private final CounterSet counters;
    /** Heads are shown over HTTP, by filters; a client's calls need not come over the connection that it polls by. */
    private boolean isHttpHeadBound;
    private long httpFilterAtNs;

    MatchCalls(
        final MethodNames methodNames, final Callers callers, final Refusals refusals, final long filterIdleNs,
        final CounterSet counters)
    {
        this.methodNames = methodNames;
        this.callers = callers;
        this.refusals = refusals;
        this.filterIdleNs = filterIdleNs;
        this.counters = counters;
    }

    /** Returns false if the call is for an upstream. */
    boolean tryTake(
        final ClientRights rights, final long connectionId, final long batchId, final int batchIndex,
        final byte[] bytes, final FrameView view, final long nowNs, final ActionList<CorrelatedAction> out)
    {
        final int subscribe = methodNames.subscribeIndex(bytes, view.methodOffset, view.methodLength);
        if (subscribe != MethodNames.NONE)
        {
            if (ConnectionId.isCallsOnly(connectionId))
            {
                counters.increment(RelayCounter.SUBSCRIBES_REFUSED);
                refusals.write(out, connectionId, batchId, batchIndex, bytes, view, RpcError.METHOD_NOT_FOUND,
                    "notifications not supported");
                return true;
            }
            add(CorrelatedAction.Kind.SUBSCRIBE, subscribe, rights, connectionId, batchId, batchIndex, bytes, view,
                out);
            return true;
        }
        final int unsubscribe = methodNames.unsubscribeIndex(bytes, view.methodOffset, view.methodLength);
        if (unsubscribe != MethodNames.NONE)
        {
            add(CorrelatedAction.Kind.UNSUBSCRIBE, unsubscribe, rights, connectionId, batchId, batchIndex, bytes, view,
                out);
            return true;
        }
        if (methodNames.isUnshared(bytes, view.methodOffset, view.methodLength))
        {
            counters.increment(RelayCounter.SUBSCRIBES_REFUSED);
            refusals.write(out, connectionId, batchId, batchIndex, bytes, view, RpcError.METHOD_NOT_FOUND,
                "the relay shares subscriptions, and this method's can't be shared");
            return true;
        }
        final int relayMethod = RelayMethod.indexOf(bytes, view.methodOffset, view.methodLength);
        if (relayMethod == RelayMethod.UNKNOWN)
        {
            counters.increment(RelayCounter.INVALID_REQUESTS);
            refusals.write(out, connectionId, batchId, batchIndex, bytes, view, RpcError.METHOD_NOT_FOUND,
                "the relay has no method of this name");
            return true;
        }
        if (relayMethod != RelayMethod.NONE)
        {
            add(CorrelatedAction.Kind.RELAY_CALL, relayMethod, rights, connectionId, batchId, batchIndex, bytes, view,
                out);
            return true;
        }
        final int filterMethod = methodNames.filterIndex(bytes, view.methodOffset, view.methodLength);
        if (filterMethod != FilterMethod.NONE)
        {
            noteHeadsShown(rights, connectionId, filterMethod, nowNs);
            add(CorrelatedAction.Kind.FILTER_CALL, filterMethod, rights, connectionId, batchId, batchIndex, bytes, view,
                out);
        }
        return filterMethod != FilterMethod.NONE;
    }

    /** Tells whether a method is one of these: without an id it asks for nothing, and goes to no upstream either. */
    boolean isMatchCall(final byte[] bytes, final FrameView view)
    {
        return methodNames.subscribeIndex(bytes, view.methodOffset, view.methodLength) != MethodNames.NONE ||
            methodNames.unsubscribeIndex(bytes, view.methodOffset, view.methodLength) != MethodNames.NONE ||
            methodNames.isUnshared(bytes, view.methodOffset, view.methodLength) ||
            RelayMethod.indexOf(bytes, view.methodOffset, view.methodLength) != RelayMethod.NONE ||
            methodNames.filterIndex(bytes, view.methodOffset, view.methodLength) != FilterMethod.NONE;
    }

    /** Tells whether heads are shown to whom a connection may belong that shows none itself. */
    boolean isHeadBound(final long connectionId)
    {
        return ConnectionId.isCallsOnly(connectionId) && (isHttpHeadBound || callers.hasHeadStreams());
    }

    void onTick(final long nowNs)
    {
        isHttpHeadBound &= nowNs - httpFilterAtNs < filterIdleNs;
    }

    private void noteHeadsShown(
        final ClientRights rights, final long connectionId, final int filterMethod, final long nowNs)
    {
        if (filterMethod != FilterMethod.NEW_PENDING && filterMethod != FilterMethod.UNINSTALL)
        {
            callers.onHeadsShown(connectionId, rights);
            if (ConnectionId.isCallsOnly(connectionId))
            {
                isHttpHeadBound = true;
                httpFilterAtNs = nowNs;
            }
        }
    }

    private void add(
        final CorrelatedAction.Kind kind, final int methodIndex, final ClientRights rights, final long connectionId,
        final long batchId, final int batchIndex, final byte[] bytes, final FrameView view,
        final ActionList<CorrelatedAction> out)
    {
        if (kind == CorrelatedAction.Kind.SUBSCRIBE &&
            SubscriptionKind.showsHeads(bytes, view.paramsOffset, view.paramsLength))
        {
            callers.onHeadsShown(connectionId, rights);
        }
        final CorrelatedAction action = out.add();
        action.kind = kind;
        action.methodIndex = methodIndex;
        action.rights = rights;
        action.to.set(connectionId, batchId, batchIndex);
        action.to.setId(bytes, view.idOffset, view.idLength);
        action.bytes = bytes;
        action.valueOffset = view.paramsOffset;
        action.valueLength = view.paramsLength;
    }
}
