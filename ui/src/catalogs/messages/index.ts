// The arguments of the window's messages by key; null where one has none. The test of the catalogs writes this.

import type { Messages as Agent } from './agent';
import type { Messages as AllDevices } from './all_devices';
import type { Messages as Block } from './block';
import type { Messages as Card } from './card';
import type { Messages as Case } from './case';
import type { Messages as ChoosePassphrase } from './choose_passphrase';
import type { Messages as Contacts } from './contacts';
import type { Messages as Decide } from './decide';
import type { Messages as Devices } from './devices';
import type { Messages as Erase } from './erase';
import type { Messages as Exceptions } from './exceptions';
import type { Messages as ExportView } from './export_view';
import type { Messages as First } from './first';
import type { Messages as Foot } from './foot';
import type { Messages as History } from './history';
import type { Messages as Insights } from './insights';
import type { Messages as Keeping } from './keeping';
import type { Messages as Keys } from './keys';
import type { Messages as Locking } from './locking';
import type { Messages as Logins } from './logins';
import type { Messages as Marks } from './marks';
import type { Messages as Menu } from './menu';
import type { Messages as Nav } from './nav';
import type { Messages as Network } from './network';
import type { Messages as Place } from './place';
import type { Messages as Restrictions } from './restrictions';
import type { Messages as Rule } from './rule';
import type { Messages as School } from './school';
import type { Messages as Search } from './search';
import type { Messages as Settings } from './settings';
import type { Messages as Standing } from './standing';
import type { Messages as Strip } from './strip';
import type { Messages as Sync } from './sync';
import type { Messages as ThisSchool } from './this_school';
import type { Messages as Time } from './time';
import type { Messages as Unlock } from './unlock';
import type { Messages as Unreadable } from './unreadable';
import type { Messages as Unsent } from './unsent';
import type { Messages as Updates } from './updates';
import type { Messages as Views } from './views';
import type { Messages as Violations } from './violations';
import type { Messages as Waiting } from './waiting';
import type { Messages as Window } from './window';

/** All of them. */
export type Messages = Agent & AllDevices & Block & Card & Case & ChoosePassphrase & Contacts & Decide & Devices & Erase & Exceptions & ExportView & First & Foot & History & Insights & Keeping & Keys & Locking & Logins & Marks & Menu & Nav & Network & Place & Restrictions & Rule & School & Search & Settings & Standing & Strip & Sync & ThisSchool & Time & Unlock & Unreadable & Unsent & Updates & Views & Violations & Waiting & Window;
