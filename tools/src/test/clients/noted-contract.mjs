// A contract without a compiler: called with two words (key, value) it emits
//     event Noted(uint256 indexed key, uint256 value)
// Runtime: MSTORE(0, calldata[32..64]); LOG2(0, 32, TOPIC, calldata[0..32]); STOP.
import { keccak256, toHex } from 'viem';

export const NOTED_TOPIC = keccak256(toHex('Noted(uint256,uint256)'));

const RUNTIME = '602035600052' + '600035' + '7f' + NOTED_TOPIC.slice(2) + '60206000a2' + '00';

// The constructor returns the 48 bytes behind itself.
export const NOTED_CODE = '0x' + '603080600b6000396000f3' + RUNTIME;

export const word = (number) => '0x' + BigInt(number).toString(16).padStart(64, '0');

export const notedCall = (key, value) => word(key) + word(value).slice(2);
