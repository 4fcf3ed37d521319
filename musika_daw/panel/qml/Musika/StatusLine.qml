// One line: the last thing the engine said, its clock and load; an overload with its remedy.
import QtQuick
import QtQuick.Layouts

Rectangle {
    id: line
    readonly property bool bad: engine.warns || missing
    readonly property bool missing: !link.connected && link.known
    implicitHeight: 30
    color: engine.warns ? Theme.warning : missing ? Theme.danger : Theme.surface
    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.padding
        anchors.rightMargin: Theme.padding
        spacing: Theme.padding
        Text {
            objectName: "message"
            text: !link.connected && !link.known ? (transport.wished ? qsTr("it plays as soon as the generator is there") : qsTr("the generator at %1 is starting").arg(link.where)) : !link.connected ? qsTr("no engine at %1: it is looked for").arg(link.where)
                : engine.warns ? qsTr("too slow for this buffer: choose a longer one in Settings, or close other programs")
                : engine.message || (engine.silent ? qsTr("no audio device: it plays silently, takes are recorded; Settings lists devices") : "")
            color: line.bad ? Theme.ground : Theme.text
            font.pixelSize: Theme.normal
            elide: Text.ElideRight
            Layout.fillWidth: true
            Accessible.role: Accessible.StatusBar
            Accessible.name: text
        }
        Button { compact: true; visible: engine.warns; text: qsTr("Settings"); onClicked: line.settings() }
        Text {
            visible: link.connected && !engine.warns
            text: qsTr("%1 · %2 · load %3 % · %4 ms from move to sound").arg(engine.clock).arg(engine.model).arg(Math.round(engine.load * 100)).arg(Math.round(engine.latency))
            color: line.bad ? Theme.ground : Theme.dim
            font.pixelSize: Theme.small
        }
    }
    signal settings
}
