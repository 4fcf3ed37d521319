// This computer's side of it: where it plays, MIDI, clock, folder, language.
import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Dialogs as Dialogs
import QtQuick.Layouts

Surface {
    id: page
    property string other_model // one that this engine cannot change to while it plays
    function choose(name, value) {
        preferences.keep(name, value);
        if (!preferences.kept.bus)
            preferences.keep("bus", "default");
        link.send("/musika/bus", [preferences.bus_text()]);
    }
    function place(folder) {
        if (folder && link.send("/musika/project", [folder]))
            preferences.keep("project", folder);
    }
    Connections {
        target: engine
        function onFailed(address) { if (address === "/musika/model" && preferences.own_engine) page.other_model = model.tried; }
    }
    Dialogs.FolderDialog {
        id: folderDialog
        title: qsTr("The project's folder")
        currentFolder: preferences.url_of(engine.project)
        onAccepted: page.place(preferences.local_path(selectedFolder.toString()))
    }
    FollowFocus { flickable: scroll.contentItem }
    Basic.ScrollView {
        id: scroll
        anchors.fill: parent
        anchors.margins: Theme.padding
        layer.enabled: GraphicsInfo.api === GraphicsInfo.Software  // which cuts shapes off, too
        Basic.ScrollBar.vertical.policy: contentHeight > height ? Basic.ScrollBar.AlwaysOn : Basic.ScrollBar.AsNeeded
        contentWidth: availableWidth
        GridLayout {
            width: scroll.availableWidth - 14
            columns: width > 900 ? 2 : 1
            columnSpacing: 40
            rowSpacing: 24

            SettingsGroup {
                title: qsTr("Sound")
                SettingsRow {
                    label: qsTr("device")
                    note: engine.bus
                    Choice {
                        model: devices.names
                        empty: qsTr("none found: takes are recorded all the same")
                        currentIndex: devices.names.indexOf(preferences.kept.bus)
                        displayText: currentIndex >= 0 ? currentText : count ? qsTr("choose") : empty
                        tip: qsTr("where the sound goes; it changes while it plays")
                        Accessible.name: qsTr("audio device")
                        Layout.fillWidth: true
                        onActivated: index => page.choose("bus", textAt(index))
                        popup.onAboutToShow: devices.refresh()
                    }
                }
                SettingsRow {
                    label: qsTr("buffer")
                    note: qsTr("longer: no crackles on a busy computer; shorter: moves are heard sooner")
                    ChoiceRow { options: ["20", "43", "80", "150", "300"]; unit: "ms"; chosen: preferences.kept.buffer; about: qsTr("buffer"); onPicked: option => page.choose("buffer", option) }
                }
                SettingsRow {
                    label: qsTr("sample rate")
                    note: qsTr("of the device, where it has several; JACK runs at its server's. Takes are written at 44.1 kHz")
                    ChoiceRow { options: ["own", "44100", "48000", "96000"]; names: ({ own: qsTr("its own") }); unit: "Hz"; chosen: preferences.kept.rate; about: qsTr("sample rate"); onPicked: option => page.choose("rate", option) }
                }
                SettingsRow {
                    label: qsTr("outputs")
                    note: qsTr("mix and stems: the mix on 1-2, each stem on the next pair; by itself where the device has that many")
                    ChoiceRow { options: ["own", "mix", "stems"]; names: ({ own: qsTr("by itself"), mix: qsTr("mix"), stems: qsTr("mix and stems") }); chosen: preferences.kept.channels; about: qsTr("outputs"); onPicked: option => page.choose("channels", option) }
                }
                SettingsRow {
                    label: qsTr("model")
                    note: page.other_model ? qsTr("%1 has other stems: the generator has to be started again for it, and what is set now is lost").arg(page.other_model) : qsTr("which networks play; it changes on a bar line")
                    Choice {
                        id: model
                        property string tried
                        item: controls.item("model")
                        model: models.names
                        Layout.fillWidth: true
                        onActivated: index => { page.other_model = ""; tried = textAt(index); }
                    }
                    Button {
                        objectName: "start with the other model"
                        visible: page.other_model !== ""
                        text: qsTr("start again")
                        tint: Theme.accent
                        ink: Theme.ground
                        onClicked: { preferences.keep("model", page.other_model); page.other_model = ""; preferences.engine_wished(); }
                    }
                }
            }
            SettingsGroup {
                title: qsTr("Clock")
                SettingsRow { label: qsTr("leads"); note: engine.clock; Choice { item: controls.item("clock"); Layout.fillWidth: true } }
                SettingsRow { label: qsTr("offset"); note: controls.item("clock/offset").help; Fader { item: controls.item("clock/offset"); vertical: false; Layout.fillWidth: true } }
                SettingsRow { label: qsTr("when lost"); note: controls.item("clock/on_loss").help; Choice { item: controls.item("clock/on_loss"); Layout.fillWidth: true } }
                SettingsRow { label: qsTr("ratio"); note: controls.item("clock/ratio").help; Choice { item: controls.item("clock/ratio"); Layout.fillWidth: true } }
            }
            SettingsGroup {
                title: "MIDI"
                SettingsRow {
                    label: qsTr("inputs")
                    note: midiInputs.names.length ? qsTr("keyboards and controllers that are listened to") : qsTr("no MIDI input is connected: plug one in, it appears here")
                    Flow {
                        Layout.fillWidth: true
                        spacing: 4
                        Repeater {
                            model: midiInputs.names
                            Button {
                                required property string modelData
                                readonly property bool on: midiIn.names.includes(modelData)
                                compact: true
                                text: modelData
                                tint: on ? Theme.accent : Theme.raised
                                ink: on ? Theme.ground : Theme.text
                                onClicked: {
                                    const others = midiIn.names.filter(name => name !== modelData && name !== "off");
                                    link.send("/musika/midi/in", on ? (others.length ? others : ["off"]) : others.concat([modelData]));
                                }
                            }
                        }
                        Button { compact: true; text: qsTr("look again"); onClicked: { midiInputs.refresh(); midiOutputs.refresh(); } }
                    }
                }
                SettingsRow { label: qsTr("controller map"); note: controls.item("midi/map").help; Choice { item: controls.item("midi/map"); model: midiMaps.names; Layout.fillWidth: true } }
                SettingsRow { label: qsTr("notes go to"); note: controls.item("midi/out").help; Choice { item: controls.item("midi/out"); model: ["off", "virtual"].concat(midiOutputs.names); Layout.fillWidth: true } }
                SettingsRow { label: qsTr("clock goes to"); note: controls.item("clock/out").help; Choice { item: controls.item("clock/out"); model: ["off", "virtual"].concat(midiOutputs.names); Layout.fillWidth: true } }
                SettingsRow { label: qsTr("played notes"); note: controls.item("midi/notes").help; Choice { item: controls.item("midi/notes"); Layout.fillWidth: true } }
            }
            SettingsGroup {
                title: qsTr("This window")
                SettingsRow {
                    label: qsTr("language")
                    Choice {
                        model: ["English", "Deutsch"]
                        Accessible.name: qsTr("language")
                        currentIndex: preferences.language === "de" ? 1 : 0
                        Layout.fillWidth: true
                        onActivated: index => preferences.language = index === 1 ? "de" : "en"
                    }
                }
                SettingsRow {
                    label: qsTr("size")
                    note: qtScale === preferences.kept.scale ? qsTr("of everything in the window, beside what the system sets") : qsTr("it counts from the next start of the program on")
                    ChoiceRow { options: ["1", "1.25", "1.5", "2", "2.5"]; names: ({ "1": "100 %", "1.25": "125 %", "1.5": "150 %", "2": "200 %", "2.5": "250 %" }); chosen: preferences.kept.scale; about: qsTr("size"); onPicked: option => preferences.keep("scale", option) }
                }
                SettingsRow {
                    label: qsTr("project folder")
                    note: qsTr("takes go to %1, from the next one on; drop a folder here, or choose one").arg(engine.takes)
                    Field {
                        objectName: "project folder"
                        placeholderText: qsTr("folder of your song")
                        shown: engine.project
                        Accessible.name: qsTr("project folder")
                        Layout.fillWidth: true
                        onAccepted: page.place(text.trim())
                        DropArea { anchors.fill: parent; onDropped: event => { if (event.hasUrls) page.place(preferences.local_path(event.urls[0].toString())); } }
                    }
                    Button { text: qsTr("choose"); onClicked: folderDialog.open() }
                    Button { text: qsTr("show"); tip: qsTr("in the file manager"); onClicked: preferences.show_folder(engine.takes) }
                }
                SettingsRow {
                    label: qsTr("engine")
                    note: preferences.own_engine ? qsTr("OSC at %1; another port counts from the next start of the program on").arg(link.where) : qsTr("OSC at %1").arg(link.where)
                    Field { visible: preferences.own_engine; shown: preferences.kept.port; Accessible.name: qsTr("OSC port"); implicitWidth: 80; validator: IntValidator { bottom: 1024; top: 65535 } onAccepted: preferences.keep("port", text) }
                    Button { visible: preferences.own_engine; text: qsTr("show the log"); onClicked: preferences.show_log() }
                    Item { Layout.fillWidth: true }
                }
                SettingsRow {
                    visible: preferences.own_engine
                    label: qsTr("listens to")
                    note: qsTr("the network: tablets and other computers can play it, whoever they belong to. The generator is started again, the music stops for some seconds")
                    ChoiceRow {
                        options: ["", "yes"]
                        names: ({ "": qsTr("this computer"), yes: qsTr("the network") })
                        chosen: preferences.kept.network
                        about: qsTr("listens to")
                        onPicked: option => { preferences.keep("network", option); preferences.engine_wished(); }
                    }
                }
            }
        }
    }
}
