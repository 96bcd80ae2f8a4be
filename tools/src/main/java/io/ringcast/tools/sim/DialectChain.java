package io.ringcast.tools.sim;

/** A chain of another dialect than Ethereum's. Confined to the node's event loop. */
interface DialectChain
{
    /** One slot, block or transaction more. */
    void mine();

    /**
     * Answers a call that subscribes to nothing.
     *
     * @param method its method.
     * @param params what JSON made of its params.
     * @return the result as JSON.
     */
    String call(String method, Object params);

    /**
     * Begins a subscription.
     *
     * @param method the subscribe method.
     * @param params what JSON made of its params.
     * @return what it tells.
     */
    DialectFeed feed(String method, Object params);

    /** How far the chain is. */
    long tip();
}
