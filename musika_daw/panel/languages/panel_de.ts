<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>Choice</name>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
</context>
<context>
    <name>CloseDialog</name>
    <message>
        <source>A take is being recorded</source>
        <translation>Es wird gerade aufgenommen</translation>
    </message>
    <message>
        <source>Closing the window ends it here; it is kept.</source>
        <translation>Mit dem Fenster endet die Aufnahme hier; sie bleibt erhalten.</translation>
    </message>
    <message>
        <source>Go on recording</source>
        <translation>Weiter aufnehmen</translation>
    </message>
    <message>
        <source>End the take and close</source>
        <translation>Aufnahme beenden und schließen</translation>
    </message>
</context>
<context>
    <name>ControlEditor</name>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
</context>
<context>
    <name>ControlMenuPopup</name>
    <message>
        <source>turn or press a MIDI control now: it will move %1</source>
        <translation>Jetzt einen MIDI-Regler drehen oder eine Taste drücken: er bewegt dann %1</translation>
    </message>
    <message>
        <source>no MIDI input is connected yet: plug one in, then move it</source>
        <translation>Noch ist kein MIDI-Eingang verbunden: einen anstecken, dann bewegen</translation>
    </message>
    <message>
        <source>Learn %1: the next MIDI knob moves it</source>
        <translation>%1 lernen: der nächste MIDI-Regler bewegt es</translation>
    </message>
    <message>
        <source>Learn: the next MIDI key or pad presses it</source>
        <translation>Lernen: die nächste MIDI-Taste drückt es</translation>
    </message>
    <message>
        <source>Learn: the next MIDI knob moves it</source>
        <translation>Lernen: der nächste MIDI-Regler bewegt es</translation>
    </message>
    <message>
        <source>Forget its MIDI knob</source>
        <translation>MIDI-Regler dafür vergessen</translation>
    </message>
    <message>
        <source>Back to its default</source>
        <translation>Zurück zum Ausgangswert</translation>
    </message>
</context>
<context>
    <name>ControlsPage</name>
    <message>
        <source>find a control</source>
        <translation>einen Regler finden</translation>
    </message>
    <message>
        <source>learn</source>
        <translation>lernen</translation>
    </message>
    <message>
        <source>the next MIDI knob you turn moves it</source>
        <translation>der nächste MIDI-Regler, den du drehst, bewegt es</translation>
    </message>
    <message>
        <source>learn %1</source>
        <translation>%1 lernen</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>The generator has ended</source>
        <translation>Der Generator hat sich beendet</translation>
    </message>
    <message>
        <source>It ended three times within a minute and is not started again. The log tells why.</source>
        <translation>Er endete dreimal in einer Minute und wird nicht mehr gestartet. Das Protokoll sagt, warum.</translation>
    </message>
    <message>
        <source>It was started again; takes are whole, the one that was being recorded up to its last second. If this happens again, the log tells why.</source>
        <translation>Er wurde neu gestartet; Takes sind vollständig, der gerade aufgenommene bis auf seine letzte Sekunde. Geschieht es wieder, sagt das Protokoll, warum.</translation>
    </message>
    <message>
        <source>Show the log</source>
        <translation>Protokoll zeigen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>CueRow</name>
    <message>
        <source>cues</source>
        <translation>Einsätze</translation>
    </message>
    <message>
        <source>fill</source>
        <translation>Fill</translation>
    </message>
    <message>
        <source>break</source>
        <translation>Break</translation>
    </message>
    <message>
        <source>build</source>
        <translation>Build</translation>
    </message>
    <message>
        <source>drop</source>
        <translation>Drop</translation>
    </message>
    <message>
        <source>end</source>
        <translation>Schluss</translation>
    </message>
    <message>
        <source>the drums lead on in the phrase&apos;s last bar</source>
        <translation>die Drums leiten im letzten Takt der Phrase weiter</translation>
    </message>
    <message>
        <source>no kick and no bass until the next cue</source>
        <translation>keine Kick und kein Bass bis zum nächsten Einsatz</translation>
    </message>
    <message>
        <source>it rises for eight bars, then drops</source>
        <translation>acht Takte Steigerung, dann der Drop</translation>
    </message>
    <message>
        <source>everything plays, full and bright</source>
        <translation>alles spielt, voll und hell</translation>
    </message>
    <message>
        <source>stem after stem leaves, then the song is over</source>
        <translation>Spur um Spur geht, dann ist das Stück zu Ende</translation>
    </message>
    <message>
        <source>from the next phrase on; with shift: from the next bar on</source>
        <translation>ab der nächsten Phrase; mit Umschalt: ab dem nächsten Takt</translation>
    </message>
</context>
<context>
    <name>DragChip</name>
    <message>
        <source>drag %1</source>
        <translation>%1 ziehen</translation>
    </message>
    <message>
        <source>drag it into your DAW</source>
        <translation>in die DAW ziehen</translation>
    </message>
</context>
<context>
    <name>EffectCard</name>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>whether the sound goes through this effect</source>
        <translation>ob der Klang durch diesen Effekt geht</translation>
    </message>
    <message>
        <source>earlier in the chain</source>
        <translation>weiter vorn in der Kette</translation>
    </message>
    <message>
        <source>later in the chain</source>
        <translation>weiter hinten in der Kette</translation>
    </message>
    <message>
        <source>take this effect away</source>
        <translation>diesen Effekt entfernen</translation>
    </message>
    <message>
        <source>being loaded, or it could not be: the line at the bottom says so</source>
        <translation>wird geladen, oder ließ sich nicht laden: die Zeile unten sagt es</translation>
    </message>
    <message>
        <source>cutoff</source>
        <translation>Grenze</translation>
    </message>
</context>
<context>
    <name>EffectPicker</name>
    <message>
        <source>One more effect for %1</source>
        <translation>Noch ein Effekt für %1</translation>
    </message>
    <message>
        <source>plug-ins (VST3)</source>
        <translation>Plug-ins (VST3)</translation>
    </message>
    <message>
        <source>none in the system&apos;s folders: drop one here, or write its path</source>
        <translation>keine in den Ordnern des Systems: eines hierher ziehen oder seinen Pfad schreiben</translation>
    </message>
    <message>
        <source>path of a plug-in</source>
        <translation>Pfad eines Plug-ins</translation>
    </message>
    <message>
        <source>add</source>
        <translation>hinzufügen</translation>
    </message>
</context>
<context>
    <name>EffectsPage</name>
    <message>
        <source>no effects</source>
        <translation>keine Effekte</translation>
    </message>
    <message>
        <source>one more effect for %1</source>
        <translation>noch ein Effekt für %1</translation>
    </message>
</context>
<context>
    <name>HarmonyRow</name>
    <message>
        <source>key</source>
        <translation>Tonart</translation>
    </message>
    <message>
        <source>chords</source>
        <translation>Akkorde</translation>
    </message>
    <message>
        <source>the model&apos;s own</source>
        <translation>die des Modells</translation>
    </message>
    <message>
        <source>click: another chord here; right click: take it away</source>
        <translation>Klick: ein anderer Akkord; Rechtsklick: wegnehmen</translation>
    </message>
    <message>
        <source>one more bar</source>
        <translation>noch ein Takt</translation>
    </message>
    <message>
        <source>free</source>
        <translation>frei</translation>
    </message>
    <message>
        <source>the model chooses the harmony</source>
        <translation>das Modell wählt die Harmonie</translation>
    </message>
</context>
<context>
    <name>KeysStrip</name>
    <message>
        <source>keys play</source>
        <translation>Tasten spielen</translation>
    </message>
    <message>
        <source>an octave lower</source>
        <translation>eine Oktave tiefer</translation>
    </message>
    <message>
        <source>page down</source>
        <translation>Bild ab</translation>
    </message>
    <message>
        <source>octave %1</source>
        <translation>Oktave %1</translation>
    </message>
    <message>
        <source>an octave higher</source>
        <translation>eine Oktave höher</translation>
    </message>
    <message>
        <source>page up</source>
        <translation>Bild auf</translation>
    </message>
    <message>
        <source>What you play is heard from the next bar on and repeats as the pattern of the stem. A click on “given notes” in its lane gives it its own again.</source>
        <translation>Was du spielst, ist ab dem nächsten Takt zu hören und wiederholt sich als Muster der Spur. Ein Klick auf „eigene Noten“ in ihrer Zeile gibt ihr das eigene zurück.</translation>
    </message>
    <message>
        <source>the keys work the window again</source>
        <translation>die Tasten bedienen wieder das Fenster</translation>
    </message>
    <message>
        <source>escape</source>
        <translation>Esc</translation>
    </message>
</context>
<context>
    <name>Lane</name>
    <message>
        <source>mute</source>
        <translation>stumm</translation>
    </message>
    <message>
        <source>solo</source>
        <translation>solo</translation>
    </message>
    <message>
        <source>hold</source>
        <translation>halten</translation>
    </message>
    <message>
        <source>%1: another pattern over the same harmony; right click: the song&apos;s own again</source>
        <translation>%1: ein anderes Muster über derselben Harmonie; Rechtsklick: wieder das des Stücks</translation>
    </message>
    <message>
        <source>given notes ×</source>
        <translation>eigene Noten ×</translation>
    </message>
    <message>
        <source>%1 plays notes that were played in or dropped here: a click gives it its own pattern again</source>
        <translation>%1 spielt Noten, die eingespielt oder hierher gezogen wurden: ein Klick gibt ihr das eigene Muster zurück</translation>
    </message>
    <message>
        <source>density</source>
        <translation>Dichte</translation>
    </message>
    <message>
        <source>bright</source>
        <translation>hell</translation>
    </message>
    <message>
        <source>pan</source>
        <translation>Pan</translation>
    </message>
    <message>
        <source>%1 level</source>
        <translation>Pegel %1</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Musika DAW: no engine</source>
        <translation>Musika DAW: kein Generator</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Spielen</translation>
    </message>
    <message>
        <source>Effects</source>
        <translation>Effekte</translation>
    </message>
    <message>
        <source>All controls</source>
        <translation>Alle Regler</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Ctrl+%1</source>
        <translation>Strg+%1</translation>
    </message>
    <message>
        <source>keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>the computer&apos;s keys play notes into a stem</source>
        <translation>die Tasten des Computers spielen Noten in eine Spur</translation>
    </message>
    <message>
        <source>the keys work the window again</source>
        <translation>die Tasten bedienen wieder das Fenster</translation>
    </message>
    <message>
        <source>the tour</source>
        <translation>die Führung</translation>
    </message>
</context>
<context>
    <name>MorphAnchor</name>
    <message>
        <source>click: another style for this corner; drag it onto another corner to exchange them</source>
        <translation>Klick: ein anderer Stil für diese Ecke; auf eine andere Ecke gezogen, tauschen beide</translation>
    </message>
</context>
<context>
    <name>MorphPad</name>
    <message>
        <source>morph pad</source>
        <translation>Morph-Feld</translation>
    </message>
    <message>
        <source>the nearer a corner, the more of its style is heard</source>
        <translation>je näher eine Ecke, desto mehr ihres Stils ist zu hören</translation>
    </message>
</context>
<context>
    <name>PresetBrowser</name>
    <message>
        <source>name for how it stands now</source>
        <translation>Name für den jetzigen Stand</translation>
    </message>
    <message>
        <source>save</source>
        <translation>sichern</translation>
    </message>
</context>
<context>
    <name>RollView</name>
    <message>
        <source>its notes appear here when it plays</source>
        <translation>hier erscheinen die Noten, wenn es spielt</translation>
    </message>
    <message>
        <source>no notes here now: it rests, or the model makes sound and no notes</source>
        <translation>gerade keine Noten: sie pausiert, oder das Modell macht Klang ohne Noten</translation>
    </message>
</context>
<context>
    <name>ScenePads</name>
    <message>
        <source>scenes</source>
        <translation>Szenen</translation>
    </message>
    <message>
        <source>bring this scene back (%1); with shift: keep how all stands now</source>
        <translation>diese Szene zurückholen (%1); mit Umschalt: den jetzigen Stand behalten</translation>
    </message>
    <message>
        <source>keep how all controls stand (alt+%1)</source>
        <translation>den Stand aller Regler behalten (Alt+%1)</translation>
    </message>
    <message>
        <source>scene %1</source>
        <translation>Szene %1</translation>
    </message>
    <message>
        <source>brings this scene back</source>
        <translation>holt diese Szene zurück</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Sound</source>
        <translation>Klang</translation>
    </message>
    <message>
        <source>device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>none found: takes are recorded all the same</source>
        <translation>keins gefunden: Aufnahmen gehen trotzdem</translation>
    </message>
    <message>
        <source>choose</source>
        <translation>wählen</translation>
    </message>
    <message>
        <source>where the sound goes; it changes while it plays</source>
        <translation>wohin der Klang geht; wechselt, während es spielt</translation>
    </message>
    <message>
        <source>buffer</source>
        <translation>Puffer</translation>
    </message>
    <message>
        <source>longer: no crackles on a busy computer; shorter: moves are heard sooner</source>
        <translation>länger: kein Knacken auf einem beschäftigten Rechner; kürzer: Regler sind früher zu hören</translation>
    </message>
    <message>
        <source>model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>The project&apos;s folder</source>
        <translation>Ordner des Projekts</translation>
    </message>
    <message>
        <source>audio device</source>
        <translation>Audiogerät</translation>
    </message>
    <message>
        <source>sample rate</source>
        <translation>Abtastrate</translation>
    </message>
    <message>
        <source>of the device, where it has several; JACK runs at its server&apos;s. Takes are written at 44.1 kHz</source>
        <translation>des Geräts, wo es mehrere hat; JACK läuft mit der seines Servers. Takes werden mit 44,1 kHz geschrieben</translation>
    </message>
    <message>
        <source>its own</source>
        <translation>seine eigene</translation>
    </message>
    <message>
        <source>outputs</source>
        <translation>Ausgänge</translation>
    </message>
    <message>
        <source>mix and stems: the mix on 1-2, each stem on the next pair; by itself where the device has that many</source>
        <translation>Mix und Spuren: der Mix auf 1-2, jede Spur auf dem nächsten Paar; von selbst, wo das Gerät so viele hat</translation>
    </message>
    <message>
        <source>by itself</source>
        <translation>von selbst</translation>
    </message>
    <message>
        <source>mix</source>
        <translation>Mix</translation>
    </message>
    <message>
        <source>mix and stems</source>
        <translation>Mix und Spuren</translation>
    </message>
    <message>
        <source>%1 has other stems: the generator has to be started again for it, and what is set now is lost</source>
        <translation>%1 hat andere Spuren: dafür muss der Generator neu gestartet werden, und was jetzt eingestellt ist, geht verloren</translation>
    </message>
    <message>
        <source>which networks play; it changes on a bar line</source>
        <translation>welche Netze spielen; es wechselt auf einem Taktstrich</translation>
    </message>
    <message>
        <source>start again</source>
        <translation>neu starten</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>Takt</translation>
    </message>
    <message>
        <source>leads</source>
        <translation>führt</translation>
    </message>
    <message>
        <source>offset</source>
        <translation>Versatz</translation>
    </message>
    <message>
        <source>when lost</source>
        <translation>bei Verlust</translation>
    </message>
    <message>
        <source>ratio</source>
        <translation>Verhältnis</translation>
    </message>
    <message>
        <source>inputs</source>
        <translation>Eingänge</translation>
    </message>
    <message>
        <source>keyboards and controllers that are listened to</source>
        <translation>Tastaturen und Controller, auf die gehört wird</translation>
    </message>
    <message>
        <source>no MIDI input is connected: plug one in, it appears here</source>
        <translation>kein MIDI-Eingang angeschlossen: stecke einen ein, er erscheint hier</translation>
    </message>
    <message>
        <source>look again</source>
        <translation>neu suchen</translation>
    </message>
    <message>
        <source>controller map</source>
        <translation>Controller-Belegung</translation>
    </message>
    <message>
        <source>notes go to</source>
        <translation>Noten gehen an</translation>
    </message>
    <message>
        <source>clock goes to</source>
        <translation>Takt geht an</translation>
    </message>
    <message>
        <source>played notes</source>
        <translation>gespielte Noten</translation>
    </message>
    <message>
        <source>This window</source>
        <translation>Dieses Fenster</translation>
    </message>
    <message>
        <source>language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>of everything in the window, beside what the system sets</source>
        <translation>von allem im Fenster, zu dem, was das System vorgibt</translation>
    </message>
    <message>
        <source>it counts from the next start of the program on</source>
        <translation>sie gilt ab dem nächsten Start des Programms</translation>
    </message>
    <message>
        <source>project folder</source>
        <translation>Projektordner</translation>
    </message>
    <message>
        <source>takes go to %1, from the next one on; drop a folder here, or choose one</source>
        <translation>Takes gehen nach %1, vom nächsten an; einen Ordner hierher ziehen oder wählen</translation>
    </message>
    <message>
        <source>folder of your song</source>
        <translation>Ordner deines Stücks</translation>
    </message>
    <message>
        <source>listens to</source>
        <translation>hört auf</translation>
    </message>
    <message>
        <source>the network: tablets and other computers can play it, whoever they belong to. The generator is started again, the music stops for some seconds</source>
        <translation>das Netz: Tablets und andere Computer können es spielen, wem sie auch gehören. Der Generator startet neu, die Musik steht einige Sekunden</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>diesen Computer</translation>
    </message>
    <message>
        <source>the network</source>
        <translation>das Netz</translation>
    </message>
    <message>
        <source>show</source>
        <translation>zeigen</translation>
    </message>
    <message>
        <source>in the file manager</source>
        <translation>in der Dateiverwaltung</translation>
    </message>
    <message>
        <source>engine</source>
        <translation>Generator</translation>
    </message>
    <message>
        <source>OSC at %1</source>
        <translation>OSC unter %1</translation>
    </message>
    <message>
        <source>OSC at %1; another port counts from the next start of the program on</source>
        <translation>OSC an %1; ein anderer Port gilt ab dem nächsten Start des Programms</translation>
    </message>
    <message>
        <source>OSC port</source>
        <translation>OSC-Port</translation>
    </message>
    <message>
        <source>show the log</source>
        <translation>Protokoll zeigen</translation>
    </message>
</context>
<context>
    <name>SongPanel</name>
    <message>
        <source>styles</source>
        <translation>Stile</translation>
    </message>
    <message>
        <source>drift</source>
        <translation>treiben</translation>
    </message>
    <message>
        <source>the puck moves by itself, slowly</source>
        <translation>der Punkt bewegt sich langsam von selbst</translation>
    </message>
    <message>
        <source>density</source>
        <translation>Dichte</translation>
    </message>
    <message>
        <source>bright</source>
        <translation>hell</translation>
    </message>
    <message>
        <source>variation</source>
        <translation>Variation</translation>
    </message>
    <message>
        <source>motion</source>
        <translation>Bewegung</translation>
    </message>
    <message>
        <source>song</source>
        <translation>Song</translation>
    </message>
    <message>
        <source>another song</source>
        <translation>ein anderes Stück</translation>
    </message>
    <message>
        <source>the song before</source>
        <translation>der Song davor</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>it plays as soon as the generator is there</source>
        <translation>es spielt, sobald der Generator da ist</translation>
    </message>
    <message>
        <source>the generator at %1 is starting</source>
        <translation>der Generator unter %1 startet</translation>
    </message>
    <message>
        <source>no engine at %1: it is looked for</source>
        <translation>kein Generator unter %1: er wird gesucht</translation>
    </message>
    <message>
        <source>too slow for this buffer: choose a longer one in Settings, or close other programs</source>
        <translation>zu langsam für diesen Puffer: wähle in den Einstellungen einen längeren, oder schließe andere Programme</translation>
    </message>
    <message>
        <source>no audio device: it plays silently, takes are recorded; Settings lists devices</source>
        <translation>kein Audiogerät: es spielt stumm, nimmt aber auf; Geräte: Einstellungen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>%1 · %2 · load %3 % · %4 ms from move to sound</source>
        <translation>%1 · %2 · Last %3 % · %4 ms vom Regler zum Klang</translation>
    </message>
</context>
<context>
    <name>StylePickerPopup</name>
    <message>
        <source>a style of chance</source>
        <translation>ein Stil vom Zufall</translation>
    </message>
    <message>
        <source>name, seed or .toml file</source>
        <translation>Name, Zahl oder .toml-Datei</translation>
    </message>
</context>
<context>
    <name>TakeCard</name>
    <message>
        <source>stop</source>
        <translation>anhalten</translation>
    </message>
    <message>
        <source>hear this take</source>
        <translation>diese Aufnahme anhören</translation>
    </message>
    <message>
        <source>cut short</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>show it in the file manager</source>
        <translation>im Dateimanager zeigen</translation>
    </message>
    <message>
        <source>to the wastebasket</source>
        <translation>in den Papierkorb</translation>
    </message>
    <message>
        <source>this system has no wastebasket here: the take stays</source>
        <translation>dieses System hat hier keinen Papierkorb: der Take bleibt</translation>
    </message>
    <message>
        <source>all stems</source>
        <translation>alle Spuren</translation>
    </message>
    <message>
        <source>mix</source>
        <translation>Mix</translation>
    </message>
</context>
<context>
    <name>TakesShelf</name>
    <message>
        <source>takes</source>
        <translation>Aufnahmen</translation>
    </message>
    <message>
        <source>drag a stem into your DAW</source>
        <translation>zieh eine Spur in deine DAW</translation>
    </message>
    <message>
        <source>None yet. The red button records one: stems, notes and a project file for your DAW.</source>
        <translation>Noch keine. Der rote Knopf nimmt auf: Spuren, Noten und eine Projektdatei für deine DAW.</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Play</source>
        <translation>Spielen</translation>
    </message>
    <message>
        <source>Styles</source>
        <translation>Stile</translation>
    </message>
    <message>
        <source>Click it: the music starts. Space does the same.</source>
        <translation>Klick darauf: die Musik beginnt. Die Leertaste tut dasselbe.</translation>
    </message>
    <message>
        <source>Move the puck between four styles, or let it drift. A click on a name chooses another style.</source>
        <translation>Bewege den Punkt zwischen vier Stilen, oder lass ihn treiben. Ein Klick auf einen Namen wählt einen anderen Stil.</translation>
    </message>
    <message>
        <source>Stems</source>
        <translation>Stems</translation>
    </message>
    <message>
        <source>Notes run to the line and are heard there. Density is how much a stem plays; hold keeps its pattern while all else changes.</source>
        <translation>Noten laufen zur Linie und erklingen dort. Dichte ist, wie viel eine Spur spielt; Halten bewahrt ihr Muster, während sich alles andere ändert.</translation>
    </message>
    <message>
        <source>Takes</source>
        <translation>Takes</translation>
    </message>
    <message>
        <source>The red button records. What was good is dragged from here into your DAW.</source>
        <translation>Der rote Knopf nimmt auf. Was gut war, wird von hier in die DAW gezogen.</translation>
    </message>
    <message>
        <source>%1 of %2 · try it; a click elsewhere goes on, Escape ends the tour</source>
        <translation>%1 von %2 · probier es; ein Klick daneben führt weiter, Esc beendet die Tour</translation>
    </message>
</context>
<context>
    <name>TransportBar</name>
    <message>
        <source>stop</source>
        <translation>anhalten</translation>
    </message>
    <message>
        <source>play</source>
        <translation>spielen</translation>
    </message>
    <message>
        <source>space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <source>plays from the start of the song</source>
        <translation>spielt vom Anfang des Stücks</translation>
    </message>
    <message>
        <source>to the start of the song</source>
        <translation>an den Anfang des Songs</translation>
    </message>
    <message>
        <source>home</source>
        <translation>Pos1</translation>
    </message>
    <message>
        <source>end the take on the bar</source>
        <translation>Aufnahme am Takt beenden</translation>
    </message>
    <message>
        <source>record a take from the next bar on</source>
        <translation>ab dem nächsten Takt aufnehmen</translation>
    </message>
    <message>
        <source>record</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>begins a take, and ends it</source>
        <translation>beginnt einen Take und beendet ihn</translation>
    </message>
    <message>
        <source>bar and beat %1</source>
        <translation>Takt und Schlag %1</translation>
    </message>
    <message>
        <source>tempo</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>tap</source>
        <translation>tippen</translation>
    </message>
    <message>
        <source>tap the tempo</source>
        <translation>das Tempo tippen</translation>
    </message>
    <message>
        <source>clock</source>
        <translation>Uhr</translation>
    </message>
    <message>
        <source>moves land</source>
        <translation>Züge ab</translation>
    </message>
    <message>
        <source>preset</source>
        <translation>Preset</translation>
    </message>
    <message>
        <source>the preset before</source>
        <translation>das Preset davor</translation>
    </message>
    <message>
        <source>choose</source>
        <translation>wählen</translation>
    </message>
    <message>
        <source>all presets</source>
        <translation>alle Presets</translation>
    </message>
    <message>
        <source>the next preset</source>
        <translation>das nächste Preset</translation>
    </message>
    <message>
        <source>level of everything</source>
        <translation>Pegel von allem</translation>
    </message>
</context>
</TS>
