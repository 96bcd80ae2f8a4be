/**
 * Real clients and a real node: viem, ethers, web3.js and web3j do the same scenario with anvil directly and through
 * the relay, and must see the same values. The scripts and their locked packages are in {@code src/test/clients}.
 */
package io.ringcast.tools.clients;
